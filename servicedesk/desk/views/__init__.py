"""The views of the desk: thin, one noun each."""
