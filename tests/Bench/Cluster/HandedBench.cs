using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Verifier;

namespace TrustMesh.Bench.Cluster;

/// <summary>What verified evidence costs on its way to the silo where the twin lives: written and read once.</summary>
internal static class HandedBench
{
    private const int Times = 1_000;

    public static IReadOnlyList<Row> Run()
    {
        using var device = new SimulatedDevice();
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var at = DateTimeOffset.FromUnixTimeSeconds(1_790_000_100);
        var (policy, reference) = VerificationBench.Statements(authority, device, at);
        var (first, second) = (device.Leaf(), device.Leaf());
        var verifier = new EvidenceVerifier();
        var known = verifier.Verify(device.Prove(first, 0).Encode(), first, device.SessionSpki, device.Enrolled, AttesterState.None, policy, reference, at).Verified!.After;
        var evidence = verifier.Verify(device.Prove(second, known.LogCount).Encode(), second, device.SessionSpki, device.Enrolled, known, policy, reference, at).Verified!;
        // As it was: everything it continues, and all of it as JSON.
        var plain = new JsonSerializerOptions { Converters = { new DeviceIdJson() } };
        // Interleaved, so that what else the machine does meets both.
        var (before, now) = (new List<double>(), new List<double>());
        for (var round = 0; round < 7; round++)
        {
            before.Add(Microseconds(() => HandedEvidence.Of(evidence) with { Before = evidence.Before }, plain));
            now.Add(Microseconds(() => HandedEvidence.Of(evidence), MeshSerialization.Options));
        }
        return
        [
            new("verified evidence handed to the twin's silo, ten measured files", $"{Bytes(HandedEvidence.Of(evidence), MeshSerialization.Options):N0} B, {new Distribution(now).At(50):N1} µs to write and read",
                $"as JSON, with all of the state it continues: {Bytes(HandedEvidence.Of(evidence) with { Before = evidence.Before }, plain):N0} B, {new Distribution(before).At(50):N1} µs; medians of 7 interleaved rounds", ""),
        ];
    }

    private static int Bytes(HandedEvidence evidence, JsonSerializerOptions json) => JsonSerializer.SerializeToUtf8Bytes(evidence, json).Length;

    private static double Microseconds(Func<HandedEvidence> make, JsonSerializerOptions json)
        => CapacityBench.Milliseconds(() =>
        {
            for (var i = 0; i < Times; i++) JsonSerializer.Deserialize<HandedEvidence>(JsonSerializer.SerializeToUtf8Bytes(make(), json), json)!.Take();
        }) * 1000 / Times;
}
