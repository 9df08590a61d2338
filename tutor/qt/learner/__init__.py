"""The learner's chat: sidebar, messages, composer. `page.ChatPage` puts them together over a session bridge."""
