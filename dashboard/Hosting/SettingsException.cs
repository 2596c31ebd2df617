namespace TrustMesh.Dashboard.Hosting;

/// <summary>An argument is wrong; the message says which and how to put it right.</summary>
public sealed class SettingsException(string message) : Exception(message);
