using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Wire;

/// <summary>One value of each message between devices, as <see cref="Samples"/>.</summary>
public static class PeerSamples
{
    private const long Now = 1_790_000_000;

    private static readonly DeviceId Peer = Samples.Challenger;

    public static PeerHello FirstHello { get; } = new(
        Samples.Device, Peer, Samples.Fill(60, 32), [ChannelBindingType.None, ChannelBindingType.Finished], 0x000b, [0, 7, 13], 5, 12, Samples.Fill(61, 90), 3, 7,
        [new("camera", 0), new("traffic-sensor", 4)], GossipStatements.None);

    public static PeerHello SecondHello { get; } = new(
        Peer, Samples.Device, Samples.Fill(62, 32), [ChannelBindingType.Finished], 0x000b, [13], 0, 0, Samples.Fill(63, 90), 4, 8, [new("traffic-sensor", 5)],
        new(Samples.Fill(64, 60), Samples.Fill(65, 50), [Samples.Fill(66, 70), Samples.Fill(67, 40)]));

    public static PeerProof ThirdMessage { get; } = new(Samples.Fill(68, 32), Samples.TokenEvidence.Encode(), null, new(null, Samples.Fill(65, 50), []));

    public static PeerProof FourthMessage { get; } = new(Samples.Fill(68, 32), Samples.Evidence.Encode(), Samples.Fill(69, 300), GossipStatements.None);

    public static PeerClose Close { get; } = new(Samples.Fill(68, 32), Samples.Fill(70, 300));

    public static PeerVerdict Verdict { get; } = new(
        Samples.Device, 41, Samples.Fill(68, 32), Peer, AssuranceTier.HardwareKey, TrustTier.Contraindicated, new SortedDictionary<int, int> { [0] = 2, [3] = 96 }, "default", 3, 4, 7, 9,
        Samples.Fill(71, 32), 23, 36, [new("file.digest", "/etc/pump.conf", "51d8", "9a3c", "reference traffic-sensor #4", Outcome.Fail)], Now, Now + 60);

    public static VerdictUpload Upload { get; } = new(
        3, [new(Samples.P256Key, Samples.Fill(73, 400))], [new(0, Samples.Fill(69, 300)), new(0, Samples.Fill(70, 300))]);

    public static PeerAssignment Assignment { get; } = new(
        "mesh-north", Samples.Device, 12,
        [
            new(Peer, "pump-09", "south", "pump", ["10.0.3.9:7444", "[fd00::9]:7444"]),
            new(DeviceId.FromRootKey("third"u8), "pump-10", "north", "pump", []),
        ], Now, Now + 86_400);

    public static StatusList Status { get; } = new(
        "mesh-north", "urn:trustmesh:mesh-north:status", 7, 2,
        StatusList.Pack(new Dictionary<long, StatusValue> { [1] = StatusValue.Invalid, [7] = StatusValue.Suspended, [1023] = StatusValue.Invalid }, 1024), 21_600, Now, Now + 259_200);

    public static WatchRequest WatchRequest { get; } = new(3, 7, 12, [new("pump", 0), new("traffic-sensor", 4)], ["pump-07.example:7444", "10.0.3.7:7444"], 1_500, 2);

    public static WatchAnswer WatchAnswer { get; } = new(Samples.Fill(64, 60), Samples.Fill(65, 50), Samples.Fill(72, 80), [Samples.Fill(66, 70)], [Peer]);

    public static EnrolRequest EnrolToken { get; } = Samples.EnrolSoftware with
    {
        Root = RootKind.Pkcs11,
        Facts = new("Nitrokey", "HSM 2", "DENK0104068", "4.1",
            TokenKeyAttributes.Local | TokenKeyAttributes.AlwaysSensitive | TokenKeyAttributes.NeverExtractable | TokenKeyAttributes.Sensitive | TokenKeyAttributes.KeyGenerated),
    };

    public static Membership Endorsed { get; } = Samples.Membership with { Tier = AssuranceTier.HardwareKey, Endorsement = "Nitrokey HSM 2, by its own word; taken on approval by alice" };
}
