using System.Collections.Concurrent;
using System.Text.Json;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;

namespace TrustMesh.Trust.Operators;

/// <summary>
/// Sign-in of people: a one-time code becomes a session, a session is a bearer token. Codes and tokens are stored as hashes; sessions
/// survive a restart. What a session may do is what the <see cref="OperatorBook"/> says of its person now. Thread-safe.
/// </summary>
/// <param name="looks">How many tokens that are not known here are looked for.</param>
/// <param name="believed">How long a session is believed without a look into the store, where other silos sign people in and out too; null: this is the only one.</param>
public sealed class OperatorDesk(IRecordStore store, OperatorBook book, LookLimit looks, TimeProvider time, TimeSpan? believed = null)
{
    /// <summary>Hex digits of a session's id.</summary>
    public const int IdLength = 16;

    private const string Codes = "operator-code", Sessions = "operator-session", CodePrefix = "tmc_", TokenPrefix = "tms_";
    /// <summary>Sessions of one person; of more, the oldest ends.</summary>
    public const int MostSessions = 20;

    public static readonly TimeSpan CodeLife = TimeSpan.FromHours(24), SessionLife = TimeSpan.FromHours(12);

    private const int LongestText = 128, MostCodes = 8;

    private readonly ConcurrentDictionary<string, (StoredSession Session, DateTimeOffset LookedAt)> sessions = new();

    /// <summary>Reads the sessions that still count, and clears what does not.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // A mesh from before there was a list of people: who is in stays in.
        var old = !book.HasBegun;
        foreach (var row in await store.ListAsync(Sessions, cancellation))
        {
            var session = Session(row);
            if (!session.Counts(now)) await ForgetAsync(row, cancellation);
            else
            {
                sessions[row.Id] = (session, now);
                if (old) await book.AdoptAsync(session.Name, session.Role, cancellation);
            }
        }
        foreach (var row in await store.ListAsync(Codes, cancellation))
        {
            var code = Code(row);
            if (code.ExpiresAt <= now) await ForgetAsync(row, cancellation);
            else if (old) await book.AdoptAsync(code.Name, code.Role, cancellation);
        }
    }

    /// <summary>A code that lets one person of the list sign in once. Its text exists only in the answer.</summary>
    public async Task<(string Code, DateTimeOffset ExpiresAt)> CreateCodeAsync(string name, CancellationToken cancellation, Telling<string>? tell = null)
    {
        var role = (await book.ReadAsync(name, cancellation))?.Rights.Everywhere ?? OperatorRole.Viewer;
        var open = (await store.ListAsync(Codes, cancellation)).Where(row => Code(row) is { Machine: false } code && code.Name == name).OrderBy(row => Code(row).ExpiresAt).ToList();
        // The newest count: somebody who asks again and again lost the ones before.
        foreach (var row in open.Take(open.Count - MostCodes + 1)) await ForgetAsync(row, cancellation);
        return await WriteCodeAsync(new(name, role, time.GetUtcNow() + CodeLife), cancellation, tell);
    }

    /// <summary>The break-glass code: whoever controls this machine is let in as admin, whatever the list of people says.</summary>
    public Task<(string Code, DateTimeOffset ExpiresAt)> CreateMachineCodeAsync(string name, CancellationToken cancellation)
        => WriteCodeAsync(new(name, OperatorRole.Admin, time.GetUtcNow() + CodeLife, Machine: true), cancellation);

    /// <summary>Burns the code; the log tells that its person is in, and of a code of the machine what it made of them. Null if it is unknown, used or expired, or of nobody any more: all the same to whoever asks.</summary>
    public async Task<SignedIn?> SignInAsync(string code, CancellationToken cancellation, Telling<(string Name, OperatorAct? Admitted)>? tell = null)
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
        var stored = Code(row);
        if (stored.ExpiresAt <= time.GetUtcNow()) return null;
        // Where the list changes its line says that somebody signed in.
        var told = false;
        var admitted = stored.Machine ? await book.AdmitAsync(stored.Name, cancellation, tell is null ? null : act => { told = true; return tell((stored.Name, act)); }) : null;
        return await OpenAsync(stored.Name, "code", cancellation, tell is null || told ? null : name => tell((name, admitted)));
    }

    /// <summary>Who carries this token; null if nobody does any more.</summary>
    public async ValueTask<OperatorIdentity?> AuthenticateAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > LongestText || !token.StartsWith(TokenPrefix, StringComparison.Ordinal)) return null;
        var id = Secret.Hash(token);
        var known = sessions.TryGetValue(id, out var held);
        var session = believed is { } span && (!known || time.GetUtcNow() - held.LookedAt > span) ? await LookAsync(id, cancellation) : known ? held.Session : null;
        if (session is null || !session.Counts(time.GetUtcNow())) return null;
        return await book.FindAsync(session.Name, cancellation) is { Disabled: false } person ? Identity(id, session, person) : null;
    }

    public Task SignOutAsync(string token, CancellationToken cancellation) => EndAsync(Secret.Hash(token), cancellation);

    /// <summary>Sessions that count, of one person or of all, the newest first.</summary>
    public async Task<IReadOnlyList<OperatorSession>> ListAsync(string? name, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var all = (await store.ListAsync(Sessions, cancellation)).Select(row => (row.Id, Session: Session(row)));
        return [.. all.Where(one => one.Session.Counts(now) && (name is null || one.Session.Name == name)).OrderByDescending(one => one.Session.ExpiresAt)
            .Select(one => new OperatorSession(
                one.Id[..IdLength], one.Session.Name, one.Session.StartedAt, one.Session.ExpiresAt, one.Session.How,
                one.Session.Word?.AskedAt, one.Session.Word?.Until, one.Session.Word?.SilentSince))];
    }

    /// <summary>Ends the session with this id of a list; null if there is none, else whose it was.</summary>
    /// <param name="of">Only a session of this person; null: anybody's.</param>
    /// <param name="tell">What the log is to say of whose session ends.</param>
    public async Task<string?> EndListedAsync(string id, string? of, CancellationToken cancellation, Telling<string>? tell = null)
    {
        if (id.Length != IdLength) return null;
        foreach (var row in await store.ListAsync(Sessions, cancellation))
        {
            if (!row.Id.StartsWith(id, StringComparison.Ordinal) || of is not null && Session(row).Name != of) continue;
            var whose = Session(row).Name;
            sessions.TryRemove(row.Id, out _);
            await store.ActAsync(Sessions, row.Id, row.Version, null, tell?.Invoke(whose) ?? [], cancellation);
            return whose;
        }
        return null;
    }

    /// <summary>Ends every session of a person, and makes their codes worthless. Other silos know it as soon as they look again.</summary>
    public async Task EndAllAsync(string name, CancellationToken cancellation)
    {
        foreach (var row in await store.ListAsync(Codes, cancellation))
            if (Code(row) is { Machine: false } code && code.Name == name) await ForgetAsync(row, cancellation);
        foreach (var row in await store.ListAsync(Sessions, cancellation))
            if (Session(row).Name == name) await EndAsync(row.Id, cancellation);
    }

    /// <summary>A session of somebody who has proven who they are; null if they may not come in.</summary>
    /// <param name="word">Of the identity provider that vouched; null for a way in of our own.</param>
    internal async Task<SignedIn?> OpenAsync(string name, string how, CancellationToken cancellation, Telling<string>? tell = null, StoredWord? word = null)
    {
        if (await book.FindAsync(name, cancellation) is not { Disabled: false } person) return null;
        var own = (await store.ListAsync(Sessions, cancellation)).Where(row => Session(row).Name == name).OrderBy(row => Session(row).ExpiresAt).ToList();
        foreach (var row in own.Take(own.Count - MostSessions + 1)) await EndAsync(row.Id, cancellation);
        var (token, now) = (Secret.Create(TokenPrefix), time.GetUtcNow());
        // A provider that cannot be asked again has said how long its word holds.
        var end = word is { AskAt: null } last && last.Until < now + SessionLife ? last.Until : now + SessionLife;
        var session = new StoredSession(name, person.Rights.Everywhere, end, now, how, word);
        var id = Secret.Hash(token);
        await store.ActAsync(Sessions, id, 0, JsonSerializer.SerializeToUtf8Bytes(session, TrustJson.Default.StoredSession), tell?.Invoke(name) ?? [], cancellation);
        sessions[id] = (session, now);
        return new(Identity(id, session, person), token);
    }

    /// <summary>Sessions an identity provider vouched for, whether they still count or not.</summary>
    internal async Task<IReadOnlyList<SessionRow>> FederatedAsync(CancellationToken cancellation)
        => [.. (await store.ListAsync(Sessions, cancellation)).Select(row => new SessionRow(row.Id, row.Version, Session(row))).Where(row => row.Session.How == StoredSession.Federated)];

    /// <summary>Keeps what the provider says now; null if the session ended or somebody else wrote meanwhile, and then nothing is kept.</summary>
    /// <param name="lines">What the log is to say of it.</param>
    internal async Task<SessionRow?> KeepAsync(SessionRow row, StoredWord word, CancellationToken cancellation, IReadOnlyList<TwinEvent>? lines = null)
    {
        var after = row.Session with { Word = word };
        try
        {
            await store.ActAsync(Sessions, row.Id, row.Version, JsonSerializer.SerializeToUtf8Bytes(after, TrustJson.Default.StoredSession), lines ?? [], cancellation);
        }
        catch (StaleRecordException)
        {
            // It ended, or another silo asks the provider.
            return null;
        }
        // Only what is held still: a session that ends at this moment must not come back.
        if (sessions.TryGetValue(row.Id, out var held)) sessions.TryUpdate(row.Id, (after, time.GetUtcNow()), held);
        return new(row.Id, row.Version + 1, after);
    }

    private async Task<(string Code, DateTimeOffset ExpiresAt)> WriteCodeAsync(StoredCode stored, CancellationToken cancellation, Telling<string>? tell = null)
    {
        var code = Secret.Create(CodePrefix);
        await store.ActAsync(Codes, Secret.Hash(code), 0, JsonSerializer.SerializeToUtf8Bytes(stored, TrustJson.Default.StoredCode), tell?.Invoke(stored.Name) ?? [], cancellation);
        return (code, stored.ExpiresAt);
    }

    /// <summary>False if it has ended already. A provider's answer may be written at the same moment: the session ends all the same.</summary>
    /// <param name="lines">What the log is to say of it.</param>
    internal async Task<bool> EndAsync(string id, CancellationToken cancellation, IReadOnlyList<TwinEvent>? lines = null)
    {
        sessions.TryRemove(id, out _);
        while (await store.ReadAsync(Sessions, id, cancellation) is { } row)
            if (await ForgetAsync(row, cancellation, lines)) return true;
        return false;
    }

    /// <summary>Another silo may have made the session, or ended it. Made-up tokens cost so many looks a second and no more (attack A42).</summary>
    private async Task<StoredSession?> LookAsync(string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (!sessions.ContainsKey(id) && !looks.TryTake()) return null;
        if (await store.ReadAsync(Sessions, id, cancellation) is not { } row || Session(row) is not { } session || !session.Counts(now))
        {
            sessions.TryRemove(id, out _);
            return null;
        }
        sessions[id] = (session, now);
        return session;
    }

    private async Task<bool> ForgetAsync(Record row, CancellationToken cancellation, IReadOnlyList<TwinEvent>? lines = null)
    {
        try
        {
            await store.ActAsync(row.Kind, row.Id, row.Version, null, lines ?? [], cancellation);
            return true;
        }
        catch (StaleRecordException)
        {
            // Another silo, or another request, clears up or writes at the same moment.
            return false;
        }
    }

    private static StoredSession Session(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredSession)!;

    private static StoredCode Code(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredCode)!;

    private static OperatorIdentity Identity(string id, StoredSession session, StoredOperator person) => new(session.Name, person.Rights, session.ExpiresAt, id[..IdLength], session.How);
}
