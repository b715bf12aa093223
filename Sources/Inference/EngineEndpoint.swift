public import HTTP

/// Where an engine listens: `unix:/path` or `http://host:port`.
public typealias EngineEndpoint = HTTPEndpoint
