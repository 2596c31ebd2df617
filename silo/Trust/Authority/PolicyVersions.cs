using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// Who had which policy signed, when and why: the last <see cref="Most"/>, in one row. Written once a policy is in force; a crash in between leaves one without its author here,
/// and the mesh's log has it all the same. Thread-safe.
/// </summary>
public sealed class PolicyVersions(IRecordStore store)
{
    public const int Most = 100;

    private const string Kind = "policy-versions", Id = "default";

    /// <summary>Newest first.</summary>
    /// <param name="inForce">Is in the list also where nothing was kept of it.</param>
    public async Task<IReadOnlyList<PolicyVersion>> ListAsync(PolicyView inForce, CancellationToken cancellation)
    {
        var kept = await store.ReadAsync(Kind, Id, cancellation) is { } row ? Read(row).Versions : [];
        var versions = kept.Select(one => new PolicyVersion(one.Serial, one.At, one.By, one.Why, one.Serial == inForce.Version)).ToList();
        if (versions.All(one => !one.InForce)) versions.Add(new(inForce.Version, inForce.IssuedAt, "", null, true));
        return [.. versions.OrderByDescending(one => one.Version)];
    }

    internal async Task AddAsync(StoredPolicyVersion version, CancellationToken cancellation)
    {
        while (true)
        {
            var row = await store.ReadAsync(Kind, Id, cancellation);
            IReadOnlyList<StoredPolicyVersion> kept = row is null ? [] : Read(row).Versions;
            var now = new StoredPolicyVersions([.. kept.Append(version).OrderByDescending(one => one.Serial).Take(Most)]);
            try
            {
                await store.WriteAsync(Kind, Id, row?.Version ?? 0, JsonSerializer.SerializeToUtf8Bytes(now, TrustJson.Default.StoredPolicyVersions), cancellation);
                return;
            }
            catch (StaleRecordException)
            {
                // Another silo adds one at the same moment.
                continue;
            }
        }
    }

    private static StoredPolicyVersions Read(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredPolicyVersions)!;
}
