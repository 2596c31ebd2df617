using System.Security.Cryptography;
using System.Text;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Log;

namespace TrustMesh.Cli.Logs;

/// <summary>Verifies logs wherever they are: fetches everything, computes every hash anew, and holds it against the signature of a known authority.</summary>
/// <param name="pins">SHA-256 of authorities whose word counts.</param>
internal sealed class LogCheck(ILogSource source, IReadOnlyList<byte[]> pins)
{
    /// <summary>Notes of the logs that were whole.</summary>
    public List<string> Verified { get; } = [];

    /// <param name="saved">What was kept from before; null for nothing.</param>
    public async Task<LogReports> RunAsync(SavedCheckpoints? saved, CancellationToken ct)
    {
        var verifier = new CheckpointVerifier(await AuthorityAsync(ct));
        var older = new Dictionary<string, Checkpoint>();
        foreach (var one in (saved?.Checkpoints ?? []).Select(note => Accept(verifier, note))) older[one.Origin] = one;
        var reports = new List<LogReport>();
        var logs = await source.LogsAsync(ct);
        foreach (var log in logs) reports.Add(await CheckAsync((log, logs.Count), verifier, older, ct));
        foreach (var gone in older.Keys.Except(reports.Select(report => report.Origin)))
            reports.Add(new(-1, gone, 0, "", false, 0, [new("log.older", "log", "the log that was saved, as long or longer", "no such log", "PROTOCOL.md 18", "fail")]));
        return new(reports.Count > 0 && reports.TrueForAll(report => report.Whole), reports);
    }

    private async Task<AttestationKey> AuthorityAsync(CancellationToken ct)
    {
        if (pins.Count == 0)
            throw new CommandFailure(ExitCode.NotTrusted, "No mesh authority is known, so anybody could have signed this log.", "Give --authority, set TRUSTMESH_AUTHORITY, or sign in to a silo of the mesh.");
        var spki = await source.AuthorityAsync(ct);
        if (!pins.Any(pin => pin.AsSpan().SequenceEqual(SHA256.HashData(spki))))
            throw new CommandFailure(ExitCode.NotTrusted, $"The log is of the authority {Convert.ToHexStringLower(SHA256.HashData(spki))}, which is none that you know.", "Find out whose log it is before you believe it.");
        try
        {
            return AttestationKey.FromSubjectPublicKeyInfo(spki);
        }
        catch (WireException bad)
        {
            throw new CommandFailure(ExitCode.Failure, $"The authority's key cannot be used ({bad.Message}).", "", bad);
        }
    }

    private async Task<LogReport> CheckAsync((int Number, int Count) place, CheckpointVerifier verifier, Dictionary<string, Checkpoint> older, CancellationToken ct)
    {
        var log = place.Number;
        if (await source.CheckpointAsync(log, ct) is not { } note)
            return new(log, "", 0, "", false, null, [new("log.format", "checkpoint", "a signed checkpoint", "none", "PROTOCOL.md 18", "fail")]);
        var signed = verifier.Verify(note);
        if (signed.Accepted is not { } checkpoint) return new(log, "", 0, "", false, null, [.. signed.Findings.Select(CheckReport.Of)]);
        // Each log under its own number: one shown twice would hide another.
        if (!checkpoint.Origin.EndsWith(Checkpoint.OriginOf("", log), StringComparison.Ordinal))
            return new(log, "", 0, "", false, null, [new("log.origin", "origin", $"log {log}", checkpoint.Origin, "C2SP tlog-checkpoint", "fail")]);
        var audit = new LogAudit(checkpoint, older.GetValueOrDefault(checkpoint.Origin), place);
        var placed = true;
        foreach (var tile in LogTile.Entries(checkpoint.Size))
        {
            placed = audit.Add(Bytes(await source.TileAsync(log, tile, ct)), Bytes(await source.TileAsync(log, tile with { Level = 0 }, ct)));
            if (!placed) break;
        }
        if (placed)
            foreach (var tile in LogTile.Hashes(checkpoint.Size).Where(tile => tile.Level > 0)) audit.AddTile(tile, Bytes(await source.TileAsync(log, tile, ct)));
        var findings = signed.Findings.Concat(audit.End()).Select(CheckReport.Of);
        if (audit.IsWhole) Verified.Add(Encoding.UTF8.GetString(note));
        return new(log, checkpoint.Origin, checkpoint.Size, Convert.ToBase64String(checkpoint.Root.Span), audit.IsWhole, audit.FirstWrong, [.. findings]);
    }

    /// <summary>Written out: a null array would become empty bytes, which is not the same as none.</summary>
    private static ReadOnlyMemory<byte>? Bytes(byte[]? bytes) => bytes is null ? null : new ReadOnlyMemory<byte>(bytes);

    private static Checkpoint Accept(CheckpointVerifier verifier, string note)
        => verifier.Verify(Encoding.UTF8.GetBytes(note)).Accepted
            ?? throw new CommandFailure(ExitCode.NotTrusted, "A saved checkpoint is not signed by this authority.", "Use the file that was saved for this mesh.");
}
