namespace TrustMesh.Agent.Configuration;

/// <summary>Everything wrong with a configuration, at once: one sentence each.</summary>
public sealed class ConfigException(string file, IReadOnlyList<string> problems)
    : Exception($"{file}: {string.Join(" ", problems)}")
{
    public string File { get; } = file;

    public IReadOnlyList<string> Problems { get; } = problems;
}
