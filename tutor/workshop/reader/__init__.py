"""Training the sum reader: which sum is a story?"""
