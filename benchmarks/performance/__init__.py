"""What a lead costs: lustrum, beside loops over leads, pandas, and copying the file and doing nothing."""
