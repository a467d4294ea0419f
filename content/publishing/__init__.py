"""How working copies become public: snapshot, rules, approval, and reading what is live."""
