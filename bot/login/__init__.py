"""How people get in to the pages behind the login: a link, an OpenID provider, a reverse proxy."""
