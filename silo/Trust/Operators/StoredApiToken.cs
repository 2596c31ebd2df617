using System.Text.Json;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Operators;

/// <summary>An API token; the row's id is its name, so that of two who take a name at once one gets it.</summary>
/// <param name="Hash">Hex SHA-256 of its whole text.</param>
/// <param name="Maker">Handle of the person who made it: somebody who gets the same name later is somebody else.</param>
/// <param name="UsedAt">To the hour.</param>
internal sealed record StoredApiToken(
    string Hash, IReadOnlyList<RoleGrant> Grants, DateTimeOffset CreatedAt, string CreatedBy, string Maker, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt = null,
    DateTimeOffset? RevokedAt = null, string? RevokedBy = null)
{
    private const int HashLength = 64;

    internal OperatorRights Rights => OperatorRights.Stored(Grants);

    /// <summary>When it ended or will end.</summary>
    internal DateTimeOffset End => RevokedAt < ExpiresAt ? RevokedAt.Value : ExpiresAt;

    internal bool HasEnded(DateTimeOffset now) => End <= now;

    internal byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, TrustJson.Default.StoredApiToken);

    /// <summary>Null for a row that is not whole (attack A43): a token of which anything is missing is none.</summary>
    internal static StoredApiToken? Read(Record row)
    {
        try
        {
            var read = JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredApiToken);
            return read is { Hash.Length: HashLength, Grants.Count: > 0, CreatedBy: not null, Maker: not null } && read.ExpiresAt > read.CreatedAt
                && read.Grants.All(grant => grant is not null && Enum.IsDefined(grant.Role)) ? read : null;
        }
        catch (JsonException)
        {
            // The caller says which row it is.
            return null;
        }
    }
}
