using TrustMesh.Roots;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Configuration;

/// <summary>The agent's configuration after every check of <see cref="ConfigReader"/>.</summary>
/// <param name="Name">Name, site and model in the grammar of PROTOCOL.md section 1.</param>
/// <param name="State">Absolute path of the state directory.</param>
/// <param name="Silos">https URLs without path, one to <see cref="MostSilos"/>, none twice: any of them will do.</param>
/// <param name="JoinTokenFile">Absolute path, or null: then <c>TRUSTMESH_JOIN_TOKEN</c> or systemd's credential <c>join-token</c>.</param>
/// <param name="IntervalFloor">The silo may ask for evidence more seldom than this, never more often.</param>
/// <param name="Rescan">How often every measured file is read again, in case the kernel did not tell of a change.</param>
/// <param name="Peer">Null: the device neither listens for peers nor examines any.</param>
/// <param name="Admission">Null: none.</param>
/// <param name="Socket">Null: in the state directory.</param>
/// <param name="OutboxMegabytes">Space for verdicts the silo does not have yet; the oldest make room.</param>
public sealed record AgentConfig(
    string Name,
    string Site,
    string Model,
    string State,
    IReadOnlyList<Uri> Silos,
    string? JoinTokenFile,
    RootSettings Root,
    IReadOnlyList<MeasureConfig> Measure,
    TimeSpan IntervalFloor,
    TimeSpan Rescan,
    PeerSettings? Peer = null,
    AdmissionSettings? Admission = null,
    DoorSettings? Socket = null,
    int OutboxMegabytes = AgentConfig.DefaultOutboxMegabytes)
{
    public const int MostSilos = 8;

    public const int DefaultOutboxMegabytes = 8, MostOutboxMegabytes = 256;

    /// <summary>Where applications ask: as configured, else in the state directory.</summary>
    public DoorSettings Door => Socket ?? DoorSettings.In(State);

    /// <summary>Who gets in besides accepted peers; off where nothing is said.</summary>
    public AdmissionSettings Doors => Admission ?? AdmissionSettings.None;

    /// <summary>The port that stays open for examinations.</summary>
    public int PeerPort => Peer?.Listen?.Port ?? PeerAddress.DefaultPort;
}
