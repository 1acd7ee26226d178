"""The pages of surveys: one for customers, the others for the desk."""
