namespace TrustMesh.Host.Settings;

/// <summary>PEM files of a server certificate (leaf first) and its private key.</summary>
public sealed record TlsFiles(string Certificate, string Key);
