using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Joining;

/// <summary>
/// What hardware joined with: the certificates of endorsement keys, and which devices came with one attestation key or PKCS#11 token, so that whoever lets a
/// device in sees who it was before (attacks A10, A13). A device is its root key, so the same root is the same twin and needs no book. Thread-safe.
/// </summary>
public sealed class IdentityBook(IRecordStore store, DeviceDirectory directory, TimeProvider time)
{
    private const string Endorsements = "endorsement", Sightings = "identity-seen";

    /// <summary>Devices kept of one key (attack A42): the first ones, as they are what a later one has to be held against.</summary>
    private const int MostDevices = 16;

    /// <summary>Devices of one name that are told.</summary>
    private const int MostNamesakes = 16;

    private static readonly EventKind[] Told = [EventKind.Enrolled, EventKind.Approved, EventKind.Suspended, EventKind.Resumed, EventKind.Revoked];

    /// <summary>Before the twin enrols, so that nobody joins unnoted. What is there already is not written again.</summary>
    /// <param name="certificates">As the device sent them; none without a TPM.</param>
    public async Task NoteAsync(Enrolment enrolment, EndorsementResult endorsement, IReadOnlyList<ReadOnlyMemory<byte>> certificates, CancellationToken cancellation)
    {
        foreach (var (_, id) in Keys(enrolment)) await NoteAsync(id, enrolment.Device, cancellation);
        if (enrolment.Root != RootKind.Tpm) return;
        var shown = new StoredEndorsement(endorsement.Endorsed, enrolment.Endorsement, endorsement.Tolerated, [.. certificates.Select(one => one.ToArray())], time.GetUtcNow());
        while (true)
        {
            var row = await store.ReadAsync(Endorsements, enrolment.Device.Text, cancellation);
            if (row is not null && Same(Read(row), shown)) return;
            if (await WriteAsync(Endorsements, enrolment.Device.Text, row, JsonSerializer.SerializeToUtf8Bytes(shown, TrustJson.Default.StoredEndorsement), cancellation)) return;
        }
    }

    /// <summary>Null if nothing is kept of the device's endorsement key.</summary>
    public async Task<EndorsementView?> EndorsementAsync(DeviceId device, CancellationToken cancellation)
    {
        if (await store.ReadAsync(Endorsements, device.Text, cancellation) is not { } row) return null;
        var shown = Read(row);
        return new(shown.Verified, shown.Words, shown.Tolerated, [.. shown.Certificates.Select(one => View(CertificateFacts.Of(one)))], shown.At);
    }

    /// <summary>A configured vendor answered for its TPM when it joined; null if nothing is kept.</summary>
    public async Task<bool?> IsVerifiedAsync(DeviceId device, CancellationToken cancellation)
        => await store.ReadAsync(Endorsements, device.Text, cancellation) is { } row ? Read(row).Verified : null;

    /// <summary>Earlier memberships of the same hardware, and devices of the same name.</summary>
    /// <param name="before">The device's own twin so far; null if it has none.</param>
    public async Task<IReadOnlyList<SeenBefore>> SeenAsync(Enrolment enrolment, TwinState? before, CancellationToken cancellation)
    {
        var seen = new List<SeenBefore>();
        if (before is not null) seen.AddRange(OwnPast(before, before.Enrolment.Id.Span.SequenceEqual(enrolment.Id.Span)));
        foreach (var (how, id) in Keys(enrolment))
        {
            if (await store.ReadAsync(Sightings, id, cancellation) is not { } row) continue;
            foreach (var text in JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredSighting)!.Devices)
                if (DeviceId.TryParse(text, out var device) && device != enrolment.Device && directory.TryGet(device, out var entry)) seen.Add(Of(how, entry));
        }
        var hardware = seen.Select(one => one.Device).ToHashSet();
        seen.AddRange(directory.Entries.Where(entry => entry.Name == enrolment.Name && entry.Device != enrolment.Device && !hardware.Contains(entry.Device.Text)).Take(MostNamesakes).Select(entry => Of("name", entry)));
        return seen;
    }

    /// <summary>What has to be looked at by a person before it is let in: its hardware was here before, or who was called so is revoked.</summary>
    public static SeenBefore? Doubt(IReadOnlyList<SeenBefore> seen)
        => seen.FirstOrDefault(one => one.How != "name" && one.Standing == "revoked") ?? seen.FirstOrDefault(one => one.How != "name" || one.Standing == "revoked");

    /// <summary>A device that seen says, in one sentence.</summary>
    public static string Sentence(SeenBefore seen) => seen.How switch
    {
        "root" => $"this hardware was here before: {seen.Standing} by {seen.By}",
        "key" => $"the attestation key of {seen.Name}, which is {seen.Standing}",
        "token" => $"the token of {seen.Name}, which is {seen.Standing}",
        _ => $"the name of another device, which is {seen.Standing}",
    };

    /// <summary>What a twin's own timeline tells of memberships before the present enrolment.</summary>
    /// <param name="present">The twin holds the enrolment that is asked about; else that one is still to come, and all of the twin was before.</param>
    private static IEnumerable<SeenBefore> OwnPast(TwinState state, bool present)
    {
        var enrolment = state.Enrolment;
        var last = present ? state.Timeline.ToList().FindLastIndex(line => line.Kind == EventKind.Enrolled) : state.Timeline.Length;
        // One that only waited and joined again has no membership behind it.
        var past = state.Timeline.Take(Math.Max(0, last)).Where(line => Told.Contains(line.Kind)).ToList();
        if (past.All(line => line.Kind == EventKind.Enrolled) && !state.HasFormerMembership && (present || state.Standing == Standing.Pending)) yield break;
        foreach (var line in past)
            yield return new("root", enrolment.Device.Text, enrolment.Name, enrolment.Site, EventKinds.Text(line.Kind), line.At, line.Actor);
        // A long timeline has lost its beginning; that there was a membership is still known.
        if (past.Count == 0) yield return new("root", enrolment.Device.Text, enrolment.Name, enrolment.Site, "enrolled", enrolment.At, enrolment.AdmittedBy);
    }

    private async Task NoteAsync(string id, DeviceId device, CancellationToken cancellation)
    {
        while (true)
        {
            var row = await store.ReadAsync(Sightings, id, cancellation);
            var devices = row is null ? [] : JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredSighting)!.Devices;
            if (devices.Contains(device.Text) || devices.Count >= MostDevices) return;
            if (await WriteAsync(Sightings, id, row, JsonSerializer.SerializeToUtf8Bytes(new StoredSighting([.. devices, device.Text]), TrustJson.Default.StoredSighting), cancellation)) return;
        }
    }

    /// <summary>False if somebody else wrote it meanwhile.</summary>
    private async Task<bool> WriteAsync(string kind, string id, Record? row, byte[] value, CancellationToken cancellation)
    {
        try
        {
            await store.WriteAsync(kind, id, row?.Version ?? 0, value, cancellation);
            return true;
        }
        catch (StaleRecordException)
        {
            // Two devices with one key, or one device twice, join at the same moment: read again.
            return false;
        }
    }

    /// <summary>What joins may have in common, and the rows that say who had it.</summary>
    private static IEnumerable<(string How, string Id)> Keys(Enrolment enrolment)
    {
        yield return ("key", $"ak-{Convert.ToHexStringLower(SHA256.HashData(enrolment.AttestationKey.Span))}");
        // What a token says of itself: without a serial number it is every token of that kind.
        if (enrolment.Root == RootKind.Pkcs11 && !enrolment.Endorsement.Contains(", serial none:", StringComparison.Ordinal))
            yield return ("token", $"token-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(enrolment.Endorsement)))}");
    }

    private static SeenBefore Of(string how, DeviceEntry entry)
        => new(how, entry.Device.Text, entry.Name, entry.Site, TwinTransition.Text(entry.Standing), entry.EnrolledAt, "");

    private static CertificateView View(CertificateFacts facts)
        => new(facts.Subject, facts.Issuer, facts.Vendor, facts.Serial, facts.NotBefore, facts.NotAfter, facts.Fingerprint, facts.Problem);

    private static StoredEndorsement Read(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredEndorsement)!;

    private static bool Same(StoredEndorsement one, StoredEndorsement other)
        => one.Verified == other.Verified && one.Words == other.Words && one.Certificates.Count == other.Certificates.Count
            && one.Certificates.Zip(other.Certificates).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
}
