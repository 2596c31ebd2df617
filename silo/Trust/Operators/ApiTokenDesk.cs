using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Records;
using TrustMesh.Wire;

namespace TrustMesh.Trust.Operators;

/// <summary>
/// API tokens: what scripts, jobs and other systems carry instead of somebody's session. A token is the mesh's and has rights and an end of its own, and it counts
/// only while the person who made it is on the list and not disabled: whoever leaves may know its text (infra/decisions/0024). Of the text only the hash is kept.
/// Thread-safe.
/// </summary>
/// <param name="looks">How many that are not known here are looked for.</param>
/// <param name="trouble">Called with a sentence about a row that cannot be read, which is passed over (attack A43), or that cannot be written.</param>
/// <param name="believed">How long one is believed without a look into the store: until then a revocation at another silo is known here.</param>
/// <param name="stopping">Ends what goes on behind requests.</param>
public sealed class ApiTokenDesk(
    IRecordStore store, OperatorBook book, LookLimit looks, Action<string> trouble, TimeProvider time, TimeSpan believed, CancellationToken stopping = default)
{
    /// <summary>Begins every token; then come its name, an underscore and the secret.</summary>
    public const string Prefix = "tma_";

    /// <summary>Tokens that count, and as many that have ended (attack A42).</summary>
    public const int Most = 200;

    public static readonly TimeSpan Shortest = TimeSpan.FromHours(1), Longest = TimeSpan.FromDays(366), Usual = TimeSpan.FromDays(90);

    private const string Kind = "api-token";
    private const int LongestText = 128;

    /// <summary>How long one that has ended is listed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private static readonly TimeSpan UseNoted = TimeSpan.FromHours(1);

    /// <summary>By name. What is in here is in a row, or was a moment ago: there are never many.</summary>
    private readonly ConcurrentDictionary<string, Held> held = new();

    /// <summary>Of which token by name a use was last written down, or that was tried, and when.</summary>
    private readonly ConcurrentDictionary<string, (string Hash, DateTimeOffset At)> noted = new();

    /// <summary>Rows that cannot be read and were told of, by name and version.</summary>
    private readonly ConcurrentDictionary<string, long> told = new();

    private sealed record Held(StoredApiToken Token, long Version, DateTimeOffset LookedAt);

    /// <summary>Reads what there is, and clears what ended long ago.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        await TidyAsync(cancellation);
        var now = time.GetUtcNow();
        foreach (var row in await store.ListAsync(Kind, cancellation))
            if (Read(row) is { } token) Hold(row.Id, new(token, row.Version, now));
    }

    /// <summary>What this text is worth. Its name is no secret; what it is the name of, only who has the whole text is told.</summary>
    public async ValueTask<ApiTokenAnswer> AuthenticateAsync(string text, CancellationToken cancellation)
    {
        if (NameOf(text) is not { } name) return ApiTokenAnswer.Unknown;
        var (hash, now) = (Secret.Hash(text), time.GetUtcNow());
        var known = held.TryGetValue(name, out var one) && Is(one.Token, hash);
        if (!known || now - one!.LookedAt > believed)
        {
            if (!known && !looks.TryTake()) return ApiTokenAnswer.Unknown;
            if ((one = await LookAsync(name, cancellation)) is null || !Is(one.Token, hash)) return ApiTokenAnswer.Unknown;
        }
        var token = one.Token;
        if (token.RevokedAt is not null) return new(null, $"The API token {name} was revoked. An admin makes a new one.");
        if (token.ExpiresAt <= now) return new(null, $"The API token {name} expired at {token.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. An admin makes a new one.");
        if (await StoppedAsync(token, cancellation)) return new(null, $"The API token {name} counts no more: who made it is disabled or off the list. An admin makes a new one.");
        Note(name, token, now);
        return new(new($"token {name}", token.Rights, token.ExpiresAt, hash[..OperatorDesk.IdLength], OperatorIdentity.ByToken), null);
    }

    /// <summary>By name, those that have ended and those that cannot be read too.</summary>
    public async Task<IReadOnlyList<ApiTokenView>> ListAsync(CancellationToken cancellation)
    {
        var views = new List<ApiTokenView>();
        foreach (var row in await store.ListAsync(Kind, cancellation))
            views.Add(Read(row) is { } token ? await ViewAsync(row.Id, token, cancellation) : new(row.Id, ApiTokenView.Unreadable, [], null, null, null));
        return views;
    }

    /// <summary>Makes one. The caller has checked name and life.</summary>
    /// <param name="by">Who makes it, a person of the list.</param>
    /// <param name="tell">What the log is to say of it.</param>
    public async Task<ApiTokenAct> MakeAsync(string name, OperatorRights rights, TimeSpan life, string by, CancellationToken cancellation, Telling<ApiTokenView>? tell = null)
    {
        if (await book.FindAsync(by, cancellation) is not { Disabled: false } maker) return ApiTokenAct.Not("Only somebody on the list of people makes API tokens.");
        var now = time.GetUtcNow();
        var rows = (await store.ListAsync(Kind, cancellation)).Select(row => (Row: row, Token: Read(row))).ToList();
        var (there, before) = rows.FirstOrDefault(one => one.Row.Id == name);
        if (there is not null && before is null) return ApiTokenAct.Not($"The stored API token {name} cannot be read; revoke it first.");
        if (before?.HasEnded(now) == false) return ApiTokenAct.Not($"There is an API token {name} already; revoke it first, or take another name.");
        // Who makes two at two silos at once may get one more than that, and no harm comes of it.
        if (rows.Count(one => one.Token?.HasEnded(now) != true) >= Most) return ApiTokenAct.Not($"A mesh has at most {Most} API tokens; revoke one that nobody needs.");
        var text = Secret.Create($"{Prefix}{name}_");
        var token = new StoredApiToken(Secret.Hash(text), rights.Grants, now, by, maker.Handle, now + life);
        var (view, expected) = (await ViewAsync(name, token, cancellation), there?.Version ?? 0);
        await store.ActAsync(Kind, name, expected, token.Bytes(), tell?.Invoke(view) ?? [], cancellation);
        Hold(name, new(token, expected + 1, now));
        return new(view, text);
    }

    /// <summary>Revokes one; of a row that cannot be read nothing is left.</summary>
    public async Task<ApiTokenAct> RevokeAsync(string name, string by, CancellationToken cancellation, Telling<ApiTokenView>? tell = null)
    {
        while (true)
        {
            if (await store.ReadAsync(Kind, name, cancellation) is not { } row) return ApiTokenAct.Missing;
            var (now, before) = (time.GetUtcNow(), Read(row));
            if (before is { RevokedAt: { } at }) return ApiTokenAct.Not($"The API token {name} was revoked at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z by {before.RevokedBy}.");
            if (before?.HasEnded(now) == true) return ApiTokenAct.Not($"The API token {name} has expired; there is nothing to revoke.");
            var after = before is null ? null : before with { RevokedAt = now, RevokedBy = by };
            var view = after is null ? new(name, ApiTokenView.Unreadable, [], null, null, null, null, now, by) : await ViewAsync(name, after, cancellation);
            // If nobody knows afterwards whether it is written, it is looked up when it is used.
            held.TryRemove(name, out _);
            try
            {
                await store.ActAsync(Kind, name, row.Version, after?.Bytes(), tell?.Invoke(view) ?? [], cancellation);
            }
            catch (StaleRecordException)
            {
                // Its use was noted meanwhile, or somebody else revokes it: decide on what it is now.
                continue;
            }
            if (after is not null) Hold(name, new(after, row.Version + 1, now));
            return new(view);
        }
    }

    /// <summary>Clears what ended 30 days ago, and of more than so many that have ended the oldest.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await store.ListAsync(Kind, cancellation);
        var ended = rows.Select(row => (Row: row, Token: Read(row))).Where(one => one.Token?.HasEnded(now) == true).OrderByDescending(one => one.Token!.End).ToList();
        foreach (var (row, _) in ended.Where((one, at) => at >= Most || one.Token!.End + Kept <= now)) await ClearAsync(row, cancellation);
    }

    /// <summary>A token of this text would be that row.</summary>
    private static string? NameOf(string text)
        => text.Length <= LongestText && text.StartsWith(Prefix, StringComparison.Ordinal) && text.IndexOf('_', Prefix.Length) is > 0 and var end && text[Prefix.Length..end] is var name && Grammar.IsName(name)
            ? name : null;

    private static bool Is(StoredApiToken token, string hash) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token.Hash), Encoding.ASCII.GetBytes(hash));

    private async Task<Held?> LookAsync(string name, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        if (await store.ReadAsync(Kind, name, cancellation) is { } row && Read(row) is { } token) return Hold(name, new(token, row.Version, at));
        held.TryRemove(name, out _);
        return null;
    }

    /// <summary>
    /// Unless a newer one is here already: looks overtake each other, and a revocation must not be forgotten over an older look. Versions of another token of that
    /// name say nothing: they begin anew where a row was cleared.
    /// </summary>
    private Held Hold(string name, Held read) => held.AddOrUpdate(name, read, (_, there) => there.Token.Hash == read.Token.Hash && there.Version > read.Version ? there : read);

    private async ValueTask<bool> StoppedAsync(StoredApiToken token, CancellationToken cancellation)
        => await book.FindAsync(token.CreatedBy, cancellation) is not { Disabled: false } maker || maker.Handle != token.Maker;

    private async Task<ApiTokenView> ViewAsync(string name, StoredApiToken token, CancellationToken cancellation)
    {
        var state = token.RevokedAt is not null ? ApiTokenView.Revoked
            : token.HasEnded(time.GetUtcNow()) ? ApiTokenView.Expired
            : await StoppedAsync(token, cancellation) ? ApiTokenView.Stopped : ApiTokenView.Active;
        return new(name, state, token.Rights.View(), token.CreatedAt, token.CreatedBy, token.ExpiresAt, token.UsedAt, token.RevokedAt, token.RevokedBy);
    }

    /// <summary>Once an hour for each token, and never in the way of the request that used it.</summary>
    private void Note(string name, StoredApiToken token, DateTimeOffset now)
    {
        if (now - token.UsedAt < UseNoted) return;
        var use = (token.Hash, now);
        if (noted.TryGetValue(name, out var last) ? last.Hash == token.Hash && now - last.At < UseNoted || !noted.TryUpdate(name, use, last) : !noted.TryAdd(name, use)) return;
        _ = Task.Run(() => NoteAsync(name, token.Hash, now), CancellationToken.None);
    }

    private async Task NoteAsync(string name, string hash, DateTimeOffset now)
    {
        try
        {
            // Another silo may have noted it within the hour, or somebody made another one of that name.
            if (await store.ReadAsync(Kind, name, stopping) is not { } row || Read(row) is not { RevokedAt: null } token || token.Hash != hash || now - token.UsedAt < UseNoted) return;
            var after = token with { UsedAt = now };
            await store.WriteAsync(Kind, name, row.Version, after.Bytes(), stopping);
            Hold(name, new(after, row.Version + 1, time.GetUtcNow()));
        }
        catch (StaleRecordException)
        {
            // Another silo notes it, or somebody revokes it, at this moment.
            return;
        }
        catch (Exception failed) when (failed is IOException or DbException or TimeoutException)
        {
            trouble($"That the API token {name} was used could not be written down: {failed.Message}");
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // The silo stops.
            return;
        }
    }

    private async Task ClearAsync(Record row, CancellationToken cancellation)
    {
        try
        {
            await store.DeleteAsync(Kind, row.Id, row.Version, cancellation);
            held.TryRemove(row.Id, out _);
            noted.TryRemove(row.Id, out _);
        }
        catch (StaleRecordException)
        {
            // Another silo clears it, or somebody makes a new one of its name.
            return;
        }
    }

    /// <summary>Null where it cannot be read, which is told once and not with every made-up token of its name.</summary>
    private StoredApiToken? Read(Record row)
    {
        if (StoredApiToken.Read(row) is { } token) return token;
        if (told.TryGetValue(row.Id, out var before) && before == row.Version) return null;
        told[row.Id] = row.Version;
        trouble($"The stored API token '{Grammar.Fit(row.Id)}' cannot be read, so it lets nobody in. Restore the row {Kind}/{Grammar.Fit(row.Id)} from a backup, or revoke it and make a new one.");
        return null;
    }
}
