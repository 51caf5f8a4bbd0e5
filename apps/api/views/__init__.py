"""The API's addresses, each a view that says what it does (`operations`) and asks services and selectors."""
