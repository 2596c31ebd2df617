using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Joining;

/// <summary>
/// Join tokens (PROTOCOL.md section 7). Only SHA-256 of a secret is kept; a use is taken by compare-and-swap, so that two devices can
/// never share the last one (attack A40). Thread-safe.
/// </summary>
public sealed class JoinTokens(IRecordStore store, MeshAuthority authority, TimeProvider time)
{
    /// <summary>Bytes of a token's secret.</summary>
    public const int SecretSize = 32;

    private const string Kind = "join-token";
    private const int IdLength = 16;

    private readonly Crowd<TokenGrant?> crowd = new((id, uses) => TakeAsync(store, time, id, uses.Count));

    public async Task<JoinToken> CreateAsync(JoinTokenRequest request, string by, CancellationToken cancellation, Telling<JoinToken>? tell = null)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretSize);
        var stored = new StoredToken(request.Uses, request.Uses, time.GetUtcNow().AddSeconds(request.TtlSeconds), request.AutoApprove, request.Site, request.Model, by, request.Tags is { Count: > 0 } tags ? DeviceTags.Changed([], tags, []) : null);
        var id = Secret.Hash(secret);
        var view = View(id, stored);
        await store.ActAsync(Kind, id, 0, JsonSerializer.SerializeToUtf8Bytes(stored, TrustJson.Default.StoredToken), tell?.Invoke(view) ?? [], cancellation);
        return view with { Token = $"tmj1_{Base64Url.EncodeToString(secret)}_{Base64Url.EncodeToString(authority.Key.SpkiHash.Span)}" };
    }

    /// <summary>All tokens that are not deleted, the used up and expired ones too.</summary>
    public async Task<IReadOnlyList<JoinToken>> ListAsync(CancellationToken cancellation)
        => [.. (await store.ListAsync(Kind, cancellation)).Select(row => View(row.Id, Read(row)))];

    /// <summary>False if there is none with that id.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellation, Telling<JoinToken>? tell = null)
    {
        while (true)
        {
            if ((await store.ListAsync(Kind, cancellation)).SingleOrDefault(row => row.Id[..IdLength] == id) is not { } row) return false;
            try
            {
                await store.ActAsync(Kind, row.Id, row.Version, null, tell?.Invoke(View(row.Id, Read(row))) ?? [], cancellation);
                return true;
            }
            catch (StaleRecordException)
            {
                // A device used it meanwhile: delete what is there now.
                continue;
            }
        }
    }

    /// <summary>What the token would allow; takes no use. Null if it is unknown, used up or expired.</summary>
    public async Task<TokenGrant?> FindAsync(ReadOnlyMemory<byte> secret, CancellationToken cancellation)
        => await store.ReadAsync(Kind, Secret.Hash(secret.Span), cancellation) is { } row && Usable(Read(row), time) ? Grant(row.Id, Read(row)) : null;

    /// <summary>Takes one use. Null if there is none left.</summary>
    public Task<TokenGrant?> ConsumeAsync(ReadOnlyMemory<byte> secret, CancellationToken cancellation) => crowd.AskAsync(Secret.Hash(secret.Span), 1, cancellation);

    /// <summary>One use for each as long as there are some; null for the rest.</summary>
    private static async Task<IReadOnlyList<TokenGrant?>> TakeAsync(IRecordStore store, TimeProvider time, string id, int wanted)
    {
        while (true)
        {
            if (await store.ReadAsync(Kind, id, CancellationToken.None) is not { } row) return new TokenGrant?[wanted];
            var stored = Read(row);
            if (!Usable(stored, time)) return new TokenGrant?[wanted];
            var taken = Math.Min(wanted, stored.Left);
            try
            {
                var left = stored with { Left = stored.Left - taken };
                await store.WriteAsync(Kind, row.Id, row.Version, JsonSerializer.SerializeToUtf8Bytes(left, TrustJson.Default.StoredToken), CancellationToken.None);
                return [.. Enumerable.Range(0, wanted).Select(one => one < taken ? Grant(row.Id, stored) : null)];
            }
            catch (StaleRecordException)
            {
                // Devices at another silo took uses between our read and our write; see what is left.
                continue;
            }
        }
    }

    private static bool Usable(StoredToken token, TimeProvider time) => token.Left > 0 && token.ExpiresAt > time.GetUtcNow();

    private static StoredToken Read(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredToken)!;

    private static TokenGrant Grant(string id, StoredToken token) => new(id[..IdLength], token.AutoApprove, token.Site, token.Model, token.Tags);

    private static JoinToken View(string id, StoredToken token)
        => new(id[..IdLength], token.Uses, token.Left, token.ExpiresAt, token.AutoApprove, token.Site, token.Model, token.CreatedBy, Tags: token.Tags);
}
