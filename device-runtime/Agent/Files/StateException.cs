namespace TrustMesh.Agent.Files;

/// <summary>The state directory is not safe to use, or what stands in it is not ours. The message names the fix.</summary>
public sealed class StateException(string message, Exception? inner = null) : Exception(message, inner);
