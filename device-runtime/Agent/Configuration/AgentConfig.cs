using TrustMesh.Roots;

namespace TrustMesh.Agent.Configuration;

/// <summary>The agent's configuration after every check of <see cref="ConfigReader"/>.</summary>
/// <param name="Name">Name, site and model in the grammar of PROTOCOL.md section 1.</param>
/// <param name="State">Absolute path of the state directory.</param>
/// <param name="Silo">https URL without path.</param>
/// <param name="JoinTokenFile">Absolute path, or null: then <c>TRUSTMESH_JOIN_TOKEN</c> or systemd's credential <c>join-token</c>.</param>
/// <param name="IntervalFloor">The silo may ask for evidence more seldom than this, never more often.</param>
/// <param name="Rescan">How often every measured file is read again, in case the kernel did not tell of a change.</param>
public sealed record AgentConfig(
    string Name,
    string Site,
    string Model,
    string State,
    Uri Silo,
    string? JoinTokenFile,
    RootSettings Root,
    IReadOnlyList<MeasureConfig> Measure,
    TimeSpan IntervalFloor,
    TimeSpan Rescan);
