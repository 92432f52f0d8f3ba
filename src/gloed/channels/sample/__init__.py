"""A made-up energy supplier with two years of answers, to try Gloed on and test tools against."""
