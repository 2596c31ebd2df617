using System.Collections.Concurrent;
using System.Text.Json;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Operators;

/// <summary>
/// Sign-in of people: a one-time code becomes a session, a session is a bearer token. Codes and tokens are stored as hashes; sessions
/// survive a restart. Thread-safe.
/// </summary>
/// <param name="believed">How long a session is believed without a look into the store, where other silos sign people in and out too; null: this is the only one.</param>
public sealed class OperatorDesk(IRecordStore store, TimeProvider time, TimeSpan? believed = null)
{
    private const string Codes = "operator-code", Sessions = "operator-session", CodePrefix = "tmc_", TokenPrefix = "tms_";
    private const int LongestText = 128, MostLooks = 500;
    private static readonly TimeSpan CodeLife = TimeSpan.FromHours(24), SessionLife = TimeSpan.FromHours(12);

    private readonly Lock gate = new();
    private DateTimeOffset lookingSince;
    private int looks;
    private readonly ConcurrentDictionary<string, (StoredSession Session, DateTimeOffset LookedAt)> sessions = new();

    /// <summary>Reads the sessions that still count, and clears what does not.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var row in await store.ListAsync(Sessions, cancellation))
        {
            var session = JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredSession)!;
            if (session.ExpiresAt > now) sessions[row.Id] = (session, now);
            else await ForgetAsync(row, cancellation);
        }
        foreach (var row in await store.ListAsync(Codes, cancellation))
            if (JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredCode)!.ExpiresAt <= now) await ForgetAsync(row, cancellation);
    }

    /// <summary>A code that lets one person sign in once. Its text exists only in the answer.</summary>
    public async Task<(string Code, DateTimeOffset ExpiresAt)> CreateCodeAsync(string name, OperatorRole role, CancellationToken cancellation)
    {
        var code = Secret.Create(CodePrefix);
        var stored = new StoredCode(name, role, time.GetUtcNow() + CodeLife);
        await store.WriteAsync(Codes, Secret.Hash(code), 0, JsonSerializer.SerializeToUtf8Bytes(stored, TrustJson.Default.StoredCode), cancellation);
        return (code, stored.ExpiresAt);
    }

    /// <summary>Burns the code. Null if it is unknown, used or expired: all the same to whoever asks.</summary>
    public async Task<(OperatorIdentity Identity, string Token)?> SignInAsync(string code, CancellationToken cancellation)
    {
        if (code.Length > LongestText || !code.StartsWith(CodePrefix, StringComparison.Ordinal)) return null;
        if (await store.ReadAsync(Codes, Secret.Hash(code), cancellation) is not { } row) return null;
        try
        {
            await store.DeleteAsync(Codes, row.Id, row.Version, cancellation);
        }
        catch (StaleRecordException)
        {
            // Somebody else used the same code at the same moment; one of the two gets in.
            return null;
        }
        var stored = JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredCode)!;
        var now = time.GetUtcNow();
        if (stored.ExpiresAt <= now) return null;
        var token = Secret.Create(TokenPrefix);
        var session = new StoredSession(stored.Name, stored.Role, now + SessionLife);
        var id = Secret.Hash(token);
        await store.WriteAsync(Sessions, id, 0, JsonSerializer.SerializeToUtf8Bytes(session, TrustJson.Default.StoredSession), cancellation);
        sessions[id] = (session, now);
        return (Identity(session), token);
    }

    /// <summary>Who carries this token; null if nobody does any more.</summary>
    public async ValueTask<OperatorIdentity?> AuthenticateAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > LongestText || !token.StartsWith(TokenPrefix, StringComparison.Ordinal)) return null;
        var id = Secret.Hash(token);
        var known = sessions.TryGetValue(id, out var held);
        if (believed is { } span && (!known || time.GetUtcNow() - held.LookedAt > span)) return await LookAsync(id, cancellation);
        return known && held.Session.ExpiresAt > time.GetUtcNow() ? Identity(held.Session) : null;
    }

    public async Task SignOutAsync(string token, CancellationToken cancellation)
    {
        var id = Secret.Hash(token);
        sessions.TryRemove(id, out _);
        if (await store.ReadAsync(Sessions, id, cancellation) is { } row) await store.DeleteAsync(Sessions, id, row.Version, cancellation);
    }

    /// <summary>Another silo may have made the session, or ended it. Made-up tokens cost so many looks a second and no more (attack A42).</summary>
    private async Task<OperatorIdentity?> LookAsync(string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (!sessions.ContainsKey(id) && !TryLook(now)) return null;
        if (await store.ReadAsync(Sessions, id, cancellation) is not { } row || JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredSession) is not { } session || session.ExpiresAt <= now)
        {
            sessions.TryRemove(id, out _);
            return null;
        }
        sessions[id] = (session, now);
        return Identity(session);
    }

    private async Task ForgetAsync(Record row, CancellationToken cancellation)
    {
        try
        {
            await store.DeleteAsync(row.Kind, row.Id, row.Version, cancellation);
        }
        catch (StaleRecordException)
        {
            // Another silo clears up at the same moment.
            return;
        }
    }

    private bool TryLook(DateTimeOffset now)
    {
        lock (gate)
        {
            if (now - lookingSince > TimeSpan.FromSeconds(1)) (lookingSince, looks) = (now, 0);
            return ++looks <= MostLooks;
        }
    }

    private static OperatorIdentity Identity(StoredSession session) => new(session.Name, session.Role, session.ExpiresAt);
}
