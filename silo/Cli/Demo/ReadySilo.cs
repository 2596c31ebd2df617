using System.Text.Json;

namespace TrustMesh.Cli.Demo;

/// <summary>What the silo writes to its ready file.</summary>
/// <param name="Device">Address devices dial.</param>
/// <param name="Operator">Address of the API.</param>
internal sealed record ReadySilo(string Device, string Operator)
{
    public static ReadySilo Read(string file)
        => JsonSerializer.Deserialize(File.ReadAllText(file), Output.CliJson.Default.ReadySilo) is { Device: not null, Operator: not null } ready
            ? ready
            : throw new DemoFailure($"{file} does not say where the silo listens.");
}
