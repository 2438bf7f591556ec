"""Taking back what runs did, and forgetting a lead."""
