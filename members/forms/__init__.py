"""What people type in, checked for its shape only; rules stand in the actions. One module per noun."""
