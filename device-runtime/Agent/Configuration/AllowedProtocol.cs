namespace TrustMesh.Agent.Configuration;

/// <summary>What an <see cref="AllowRule"/> lets through.</summary>
public enum AllowedProtocol { Any, Tcp, Udp }
