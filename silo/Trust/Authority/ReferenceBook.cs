using System.Collections.Concurrent;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// Reference values by model, signed by the authority with rising serials (attack A30). Every one ever in force is kept, for bundles.
/// </summary>
public sealed class ReferenceBook(MeshAuthority authority, IRecordStore store, Serials serials, TimeProvider time)
{
    /// <summary>Acceptable values of one name; the oldest goes when another is learned.</summary>
    public const int ValuesPerName = 8;

    private const string Kind = "reference", History = "reference-history";
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    private readonly ConcurrentDictionary<string, AppraisalReference> byModel = new();
    private readonly ConcurrentDictionary<string, long> versions = new();

    /// <summary>After other reference values are in force.</summary>
    public event Action? Changed;

    public async Task LoadAsync(CancellationToken cancellation)
    {
        await FollowAsync(cancellation);
        await RenewAsync(cancellation);
    }

    /// <summary>Takes over what another silo has signed meanwhile.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        var news = false;
        foreach (var row in await store.ListAsync(Kind, cancellation))
        {
            if (versions.GetValueOrDefault(row.Id) >= row.Version) continue;
            (versions[row.Id], byModel[row.Id]) = (row.Version, Read(row.Value));
            news = true;
        }
        if (news) Changed?.Invoke();
    }

    /// <summary>In force for the model; null if there is none, which is never a pass (attack A08).</summary>
    public AppraisalReference? For(string model) => byModel.GetValueOrDefault(model);

    /// <summary>
    /// Takes what a device verifiably measured as known-good for its model, beside what was good before. The caller has checked that the
    /// device is active and has proven itself.
    /// </summary>
    /// <param name="pcrs">Registers of the device to take too; the others stay as they are.</param>
    public async Task<AppraisalReference> LearnAsync(TwinState good, CancellationToken cancellation, Telling<ReferenceValues>? tell = null, IReadOnlyCollection<int>? pcrs = null)
    {
        var model = good.Enrolment.Model;
        var known = For(model)?.Values;
        var files = known?.Files.ToDictionary(pair => pair.Key, pair => pair.Value) ?? [];
        var registers = known?.Registers.ToDictionary(pair => pair.Key, pair => pair.Value) ?? [];
        foreach (var (name, digest) in good.Attester.Current)
        {
            // An absent file has no value to accept.
            if (!digest.IsEmpty) files[name] = With(files.GetValueOrDefault(name), digest);
        }
        foreach (var (pcr, value) in good.Registers.Where(register => pcrs?.Contains(register.Index) == true)) registers[pcr] = With(registers.GetValueOrDefault(pcr), value);
        return await SaveAsync(model, files, registers, cancellation, tell);
    }

    /// <summary>Signs anew what has lived half of its life.</summary>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        foreach (var (model, statement) in byModel)
            if (statement.Values.ExpiresAt - time.GetUtcNow().ToUnixTimeSeconds() < Life.TotalSeconds / 2)
                await SaveAsync(model, statement.Values.Files, statement.Values.Registers, cancellation);
    }

    /// <summary>The signed reference values of that serial, or null.</summary>
    public async Task<ReadOnlyMemory<byte>?> FindAsync(string model, long serial, CancellationToken cancellation)
        => For(model) is { } current && current.Values.Serial == serial ? current.Signed : (await store.ReadAsync(History, HistoryId(model, serial), cancellation))?.Value;

    /// <summary>In force, of every model.</summary>
    public IReadOnlyCollection<AppraisalReference> All => [.. byModel.Values];

    /// <summary>As operators see them, by model.</summary>
    public IReadOnlyList<ReferenceView> View() => [.. byModel.Values.OrderBy(statement => statement.Values.Model, StringComparer.Ordinal).Select(View)];

    public static ReferenceView View(AppraisalReference statement)
    {
        var values = statement.Values;
        return new(
            values.Model, values.Serial, DateTimeOffset.FromUnixTimeSeconds(values.ExpiresAt),
            values.Files.ToDictionary(pair => pair.Key, pair => Hex(pair.Value)),
            values.Registers.ToDictionary(pair => pair.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), pair => Hex(pair.Value)));
    }

    /// <summary>The last of them and this one, once.</summary>
    private static IReadOnlyList<ReadOnlyMemory<byte>> With(IReadOnlyList<ReadOnlyMemory<byte>>? known, ReadOnlyMemory<byte> value)
        => [.. (known ?? []).Where(one => !one.Span.SequenceEqual(value.Span)).TakeLast(ValuesPerName - 1), value];

    private async Task<AppraisalReference> SaveAsync(
        string model, IReadOnlyDictionary<string, IReadOnlyList<ReadOnlyMemory<byte>>> files, IReadOnlyDictionary<int, IReadOnlyList<ReadOnlyMemory<byte>>> registers,
        CancellationToken cancellation, Telling<ReferenceValues>? tell = null)
    {
        var expires = (time.GetUtcNow() + Life).ToUnixTimeSeconds();
        var values = new ReferenceValues(authority.Mesh, $"{authority.Mesh}/{model}", model, await serials.NextAsync($"reference/{model}", cancellation), files, registers, expires);
        var signed = authority.Key.Sign(values.EncodePayload(), ReferenceValues.Typ, values.Meta);
        await store.WriteAsync(History, HistoryId(model, values.Serial), 0, signed, cancellation);
        var version = versions.GetValueOrDefault(model);
        try
        {
            await store.ActAsync(Kind, model, version, signed, tell?.Invoke(values) ?? [], cancellation);
        }
        catch
        {
            // Lost a race, or the outcome is unknown: what is stored is what is in force.
            if (await store.ReadAsync(Kind, model, CancellationToken.None) is { } row) (versions[model], byModel[model]) = (row.Version, Read(row.Value));
            throw;
        }
        versions[model] = version + 1;
        var learned = byModel[model] = Read(signed);
        Changed?.Invoke();
        return learned;
    }

    private static string HistoryId(string model, long serial) => $"{model}/{PolicyBook.SerialText(serial)}";

    private static IReadOnlyList<string> Hex(IReadOnlyList<ReadOnlyMemory<byte>> values) => [.. values.Select(value => Convert.ToHexStringLower(value.Span))];

    /// <summary>What we signed passes the same checks as what anybody signs; an expired one is still readable, to be renewed.</summary>
    private AppraisalReference Read(ReadOnlyMemory<byte> signed)
    {
        var expires = CoseSign1.Decode(signed).Corim?.ExpiresAt ?? 1;
        var statement = authority.Statements.VerifyReference(signed, DateTimeOffset.FromUnixTimeSeconds(expires - 1));
        return statement.Accepted ?? throw new InvalidDataException($"Stored reference values are not acceptable ({statement.Findings.First(finding => finding.Outcome == Outcome.Fail).Got}). Restore the database from a backup.");
    }
}
