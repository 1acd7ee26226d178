"""Planning models of after-sales service: pure Python and NumPy, usable on their own.

Each package answers one question: who goes where and when (`routing`), where people and stock
should stand (`siting`), how many people (`staffing`), how much stock (`spares`), how skill grows
and leaves (`turnover`), what fails and when (`reliability`), which rules help (`rules`), what investments bring
(`investments`), how all of it looks side by side (`board`), and whether a plan survives contact
with a simulated company (`simulation`).
"""
