using System.Diagnostics;
using System.Security.Cryptography;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Bench;

/// <summary>Full evidence verification (every check, verdict included) beside the bare ECDSA verification, interleaved on one thread.</summary>
internal static class VerificationBench
{
    private const int Batch = 500;
    private const int Rounds = 15;

    public static IEnumerable<Row> Run()
    {
        using var device = new SimulatedDevice();
        using var authority = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.FromUnixTimeSeconds(1_790_000_100);
        var (policy, reference) = Statements(authority, device, now);
        var verifier = new EvidenceVerifier();

        VerifiedEvidence Accept(ReadOnlyMemory<byte> bytes, ChallengeLeaf leaf, AttesterState before)
        {
            var result = verifier.Verify(bytes, leaf, device.SessionSpki, device.Enrolled, before, policy, reference, now);
            return result.Verified is { Verdict.Status: TrustTier.Affirming } good
                ? good
                : throw new InvalidOperationException($"the benchmark's evidence is not affirming: {result.Findings.FirstOrDefault(f => f.Outcome != Outcome.Pass)}");
        }

        var firstLeaf = device.Leaf();
        var state = Accept(device.Prove(firstLeaf, 0).Encode(), firstLeaf, AttesterState.None).After;
        var evidence = Enumerable.Range(0, Batch).Select(_ => device.Leaf()).Select(leaf => (leaf, bytes: (ReadOnlyMemory<byte>)device.Prove(leaf, state.LogCount).Encode())).ToArray();

        using var bare = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var digest = RandomNumberGenerator.GetBytes(32);
        var signature = bare.SignHash(digest);

        var ratios = new List<double>();
        double full = 0, plain = 0;
        for (var round = -3; round < Rounds; round++)
        {
            var fullTime = Time(() => { foreach (var (leaf, bytes) in evidence) Accept(bytes, leaf, state); });
            var bareTime = Time(() =>
            {
                for (var i = 0; i < Batch; i++)
                    if (!bare.VerifyHash(digest, signature)) throw new CryptographicException("the bare signature does not verify");
            });
            if (round < 0) continue;
            ratios.Add(bareTime / fullTime);
            (full, plain) = (full + fullTime, plain + bareTime);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var (leaf, bytes) in evidence) Accept(bytes, leaf, state);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Batch;
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Batch; i++) bare.VerifyHash(digest, signature);
        var bareAllocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Batch;
        ratios.Sort();
        yield return new("full evidence verification, key cached, one core", $"{Rounds * Batch / full:N0}/s", $"bare ECDsa.VerifyHash P-256: {Rounds * Batch / plain:N0}/s", "");
        yield return new("its rate over the bare rate (median of rounds)", $"{ratios[ratios.Count / 2]:F2}", $"min {ratios[0]:F2}, max {ratios[^1]:F2}", "≥ 0.85");
        yield return new("allocated per verification", $"{allocated:N0} B", $"bare ECDsa.VerifyHash P-256: {bareAllocated:N0} B of these", "≤ 2,048 B");
    }

    internal static (AppraisalPolicy, AppraisalReference) Statements(ECDsa authority, SimulatedDevice device, DateTimeOffset now)
    {
        var verifier = new StatementVerifier(AttestationKey.FromSubjectPublicKeyInfo(authority.ExportSubjectPublicKeyInfo()));
        var policy = new Policy("bench", "default", 1, 0x000b, [SimulatedDevice.Pcr], SimulatedDevice.Pcr, 60, 20, [AssuranceTier.TpmQuote], true, [], [],
            TrustTier.Contraindicated, 1_789_999_000, 1_900_000_000);
        var values = new ReferenceValues("bench", "bench-1", SimulatedDevice.Model, 1, device.Files, new Dictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>>(), 1_900_000_000);
        var signedPolicy = CoseSigner.Sign(authority, policy.EncodePayload(), Policy.Typ);
        var signedValues = CoseSigner.Sign(authority, values.EncodePayload(), ReferenceValues.Typ, new CorimMeta("bench", 1_900_000_000));
        return (verifier.VerifyPolicy(signedPolicy, now).Accepted ?? throw new InvalidOperationException("policy refused"),
            verifier.VerifyReference(signedValues, now).Accepted ?? throw new InvalidOperationException("reference values refused"));
    }

    private static double Time(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }
}
