"""Front-end files are copied only when they are the ones that were looked at."""

import hashlib
import json

import pytest
import vendor


@pytest.fixture
def tree(tmp_path):
    package = tmp_path / "frontend" / "node_modules" / "thing"
    (package / "dist").mkdir(parents=True)
    (package / "dist" / "thing.js").write_text("export default 1\n")
    (package / "package.json").write_text('{"version": "1.2.3", "license": "MIT"}')
    (package / "LICENSE").write_text("Do what you want.")
    sha = hashlib.sha256(b"export default 1\n").hexdigest()
    write(tmp_path, to="thing.js", sha256=sha)
    return tmp_path


def write(root, *, to, sha256):
    (root / "frontend" / "vendor.toml").write_text(
        f'[[file]]\npackage = "thing"\nfrom = "dist/thing.js"\nto = "{to}"\nsha256 = "{sha256}"\nlicence = "LICENSE"\n'
    )


def test_a_file_is_copied_with_its_licence_and_a_manifest_and_old_files_go(tree):
    served = tree / "src" / "tightrope" / "ui" / "static" / "vendor"
    served.mkdir(parents=True)
    (served / "old.js").write_text("old")

    vendor.vendor(tree)

    assert (served / "thing.js").read_text() == "export default 1\n"
    assert (served / "licences" / "thing.txt").read_text() == "Do what you want."
    assert json.loads((served / "manifest.json").read_text())[0]["version"] == "1.2.3"
    assert not (served / "old.js").exists()


def test_a_file_of_other_content_is_refused_until_it_is_pinned(tree):
    (tree / "frontend" / "node_modules" / "thing" / "dist" / "thing.js").write_text("evil()")

    with pytest.raises(vendor.WrongFile, match="SHA-256"):
        vendor.vendor(tree)

    vendor.pin(tree)
    vendor.vendor(tree)


def test_a_name_that_leaves_the_folder_is_refused(tree):
    write(tree, to="../../evil.js", sha256=hashlib.sha256(b"export default 1\n").hexdigest())

    with pytest.raises(vendor.WrongFile, match="outside"):
        vendor.vendor(tree)


def test_a_missing_package_is_told_with_the_remedy(tree):
    (tree / "frontend" / "node_modules" / "thing" / "dist" / "thing.js").unlink()

    with pytest.raises(vendor.WrongFile, match="npm ci"):
        vendor.vendor(tree)
