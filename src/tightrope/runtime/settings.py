"""What the embedded server is told: sized for a machine that also runs the rest of Tightrope."""

from __future__ import annotations

from pathlib import Path

MIB = 1024 * 1024


def server_settings(socket_folder: Path, major: int, memory: int | None = None) -> dict[str, str]:
    """Settings of the server with the company's data. With 4 GB and 2 cores it takes 512 MB for its cache.

    Limits on statements and locks are not here: the application sets its own on each connection.
    """
    memory = memory or machine_memory()
    cache = max(128, min(8192, memory // MIB // 8))
    chosen = {
        **_common(socket_folder),
        "shared_buffers": f"{cache}MB",
        "effective_cache_size": f"{memory // MIB // 2}MB",
        "maintenance_work_mem": f"{max(64, min(1024, cache // 4))}MB",
        "work_mem": "8MB",
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "wal_compression": "on",
        # Big tables are appended to; waiting for a fifth of them to change would leave statistics old.
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
        "log_min_duration_statement": "1s",
        "log_lock_waits": "on",
    }
    if major >= 17:
        chosen["summarize_wal"] = "on"  # incremental base backups need it from the start
    return chosen


def throwaway_settings(socket_folder: Path) -> dict[str, str]:
    """For tests: nothing survives a crash, so nothing waits for the disk."""
    return {
        **_common(socket_folder),
        "shared_buffers": "128MB",
        "max_connections": "200",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "4GB",
    }


def _common(socket_folder: Path) -> dict[str, str]:
    return {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "jit": "off",
        "random_page_cost": "1.1",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] '",
        "log_checkpoints": "off",
    }


def machine_memory() -> int:
    """Bytes of memory that this machine or container may use."""
    limits = []
    try:
        with open("/proc/meminfo", encoding="ascii") as facts:
            limits.append(int(facts.readline().split()[1]) * 1024)
        limits.append(int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    except (OSError, ValueError):
        pass  # no Linux, or "max": no limit there
    return min(limits, default=4096 * MIB)
