"""Messages to customers: approved templates, drafts, and an outbox that sends each message once."""
