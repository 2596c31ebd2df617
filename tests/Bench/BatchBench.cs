using System.Diagnostics;
using System.Security.Cryptography;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Proving;
using TrustMesh.Roots;
using TrustMesh.Roots.Software;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Bench;

/// <summary>
/// What one more challenger costs a device when one signature answers all of them. The root is busy with another question until all N wait; measured is
/// from asking to the last answer encoded. CPU time is this process's: a TPM's own work is its chip's, and here swtpm's process.
/// </summary>
internal static class BatchBench
{
    private static readonly int[] Sizes = [1, 10, 100, 1_000];

    public static async Task<IReadOnlyList<Row>> RunAsync()
    {
        var rows = new List<Row>();
        var folder = Directory.CreateTempSubdirectory("trustmesh-bench-").FullName;
        try
        {
            using (var software = SoftwareRoot.Open(new("software", "", "auto", 13, Path.Combine(folder, "root")))) rows.AddRange(await MeasureAsync("software root", software, Path.Combine(folder, "state")));
            using var tpm = BenchTpm.TryStart();
            if (tpm is null) rows.Add(new("N questions on one quote of a TPM", "not measured", "swtpm is not installed", ""));
            else
                using (var quoting = tpm.Open()) rows.AddRange(await MeasureAsync("TPM (swtpm)", quoting, Path.Combine(folder, "tpm-state")));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
        return rows;
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(string name, IRoot root, string folder)
    {
        using var counted = new CountedRoot(root);
        using var state = StateDirectory.Open(folder);
        using var attester = new Attester(counted, state);
        using var session = new SessionKey(TimeProvider.System);
        attester.Record(() => [.. Enumerable.Range(0, BenchMesh.Files).Select(BenchMesh.File).Select(file => (file.Name, new Reading(LogEntryKind.File, file.Digest)))]);
        var batch = new ProofBatch(attester, () => 0, "0.1.0", TimeProvider.System);
        Question Ask() => new(new(RandomNumberGenerator.GetBytes(32), DeviceId.FromRootKey(RandomNumberGenerator.GetBytes(8)), root.Device, AttesterRole.TlsServer, session.SpkiHash,
            RandomNumberGenerator.GetBytes(32), ChannelBindingType.Finished, RandomNumberGenerator.GetBytes(48)), session, (ushort)TpmAlg.Sha256, [13], root.Boot, attester.Entries);

        await RoundAsync(batch, counted, Ask, 1_000);
        var rows = new List<Row>();
        Cost? alone = null;
        foreach (var size in Sizes)
        {
            var rounds = new List<Cost>();
            for (var round = 0; round < Math.Clamp(4_000 / size, 15, 100); round++) rounds.Add(await RoundAsync(batch, counted, Ask, size));
            var (wall, cpu, signatures) = (Median(rounds, one => one.Wall), Median(rounds, one => one.Cpu), rounds.Max(one => one.Signatures));
            alone ??= new(wall, cpu, signatures);
            rows.Add(new(
                $"{size:N0} question{(size == 1 ? "" : "s")} on one signature, {name}", $"{wall / 1000:N2} ms, {cpu / 1000:N2} ms CPU, {signatures} signature{(signatures == 1 ? "" : "s")}",
                size == 1 ? "" : $"per additional peer: {(wall - alone.Wall) / (size - 1):N1} µs, {(cpu - alone.Cpu) / (size - 1):N1} µs CPU", "1 signature; < 100 µs CPU per additional peer"));
        }
        return rows;
    }

    /// <summary>Microseconds.</summary>
    private static async Task<Cost> RoundAsync(ProofBatch batch, CountedRoot root, Func<Question> ask, int size)
    {
        var questions = Enumerable.Range(0, size).Select(_ => ask()).ToList();
        var reached = root.HoldNext();
        var first = batch.AnswerAsync(ask(), CancellationToken.None);
        await reached;
        var before = root.Signatures;
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var answers = questions.Select(async question => (await batch.AnswerAsync(question, CancellationToken.None)).Encode()).ToList();
        root.Release();
        await first;
        var encoded = await Task.WhenAll(answers);
        var cost = new Cost(watch.Elapsed.TotalMicroseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds, root.Signatures - before);
        return encoded.All(bytes => Evidence.Decode(bytes).Proof.Size == size) ? cost : throw new InvalidOperationException("the questions were not answered together");
    }

    private static double Median(List<Cost> rounds, Func<Cost, double> of) => rounds.Select(of).Order().ElementAt(rounds.Count / 2);

    private sealed record Cost(double Wall, double Cpu, int Signatures);
}
