"""The demo company 恒源 (Hengyuan) Air & Lift, made by calling actions only, from one seed."""
