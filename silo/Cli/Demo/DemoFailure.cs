namespace TrustMesh.Cli.Demo;

/// <summary>The demo can not go on. The message is for people and may hold the tail of a log.</summary>
internal sealed class DemoFailure(string message, Exception? cause = null) : Exception(message, cause);
