using TrustMesh.Trust.Acts;
using System.Text;
using TrustMesh.Trust.Keys;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Passkeys;

/// <summary>
/// Sign-in by the word of an identity provider: nonces for browsers, each once, and people who come and change with the provider's groups. The word holds until the provider is asked
/// again; a session ends with it. Who is on the list with a way in of our own is never taken over by somebody of the same name. Thread-safe; of several silos one asks for a session.
/// </summary>
/// <param name="seal">Refresh tokens are kept under it (attack A47).</param>
/// <param name="every">Between two questions to the provider for one session.</param>
/// <param name="grace">So long after a question was due a session goes on while the provider does not answer.</param>
public sealed class FederationDesk(IRecordStore store, OperatorBook book, OperatorDesk desk, SecretSeal seal, TimeSpan every, TimeSpan grace, TimeProvider time)
{
    private const string Ceremony = "oidc";
    private const int AtOnce = 8;

    /// <summary>
    /// Whoever asks has written that it does, for so long: nobody else uses the same refresh token meanwhile, which a provider that rotates them takes for theft and answers by revoking
    /// all (RFC 9700 4.14.2). Longer than an answer is waited for.
    /// </summary>
    private static readonly TimeSpan Asking = TimeSpan.FromMinutes(1);

    /// <summary>Between two questions while the provider is silent, if it would not be asked sooner anyway.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private readonly PasskeyChallenges challenges = new(store, time);
    private readonly SpentMarks logouts = new(store, "oidc-logout", time);

    /// <summary>Seconds a nonce counts.</summary>
    public static int Seconds => (int)PasskeyChallenges.Life.TotalSeconds;

    public Task<byte[]> BeginAsync(string origin, ReadOnlyMemory<byte> binding, CancellationToken cancellation) => challenges.MakeAsync(Ceremony, origin, binding, null, cancellation);

    /// <summary>The person, signed in, or why not, for the silo's own log.</summary>
    /// <param name="refreshToken">What to ask the provider again with; null if it gave none, and then the session ends with the token.</param>
    /// <param name="changed">What the log is to say of rights that are others now.</param>
    /// <param name="tell">What it is to say of whoever comes in.</param>
    public async Task<(SignedIn? In, string Why)> SignInAsync(
        FederatedPerson person, string? refreshToken, string origin, ReadOnlyMemory<byte> binding, CancellationToken cancellation,
        Telling<(string Name, OperatorAct Act)>? changed = null, Telling<string>? tell = null)
    {
        if ((await challenges.JudgeAsync(Ceremony, origin, binding, null, cancellation))(person.Nonce) is { } wrong) return (null, $"nonce {wrong}");
        if (!await challenges.BurnAsync(person.Nonce, cancellation)) return (null, "a token that came before");
        if (person.Rights is not { } rights) return (null, "no group of theirs has a role here");
        var (name, act) = await book.FederateAsync(person.Name, person.Subject, rights, isNew: true, cancellation, changed);
        if (act.Refused is { } refused) return (null, refused);
        var now = time.GetUtcNow();
        var word = refreshToken is null
            ? new StoredWord(person.Subject, person.Sid, Hash(person.Nonce), null, Later(person.Until, now + every), null, now)
            : new StoredWord(person.Subject, person.Sid, Hash(person.Nonce), Seal(refreshToken, person.Subject), now + every + grace, now + every, now);
        return await desk.OpenAsync(name, StoredSession.Federated, cancellation, tell, word) is { } opened ? (opened, "") : (null, $"{name} may sign in no more");
    }

    /// <summary>Asks the provider again for every session whose time it is, and ends those it has been silent about for too long.</summary>
    /// <param name="ask">Asks with a refresh token; ends within half a minute, and throws nothing.</param>
    /// <param name="tell">What the mesh's log is to say of what comes of it.</param>
    /// <param name="followed">Told what came of it.</param>
    /// <param name="failed">Told why one session could not be followed; its turn comes again.</param>
    public async Task RenewAsync(Func<string, Task<ProviderAnswer>> ask, Telling<FederationNews> tell, Action<FederationNews> followed, Action<string> failed, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var due = (await desk.FederatedAsync(cancellation)).Where(row => !row.Session.Counts(now) || row.Session.Word!.AskAt <= now).ToList();
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (row, stop) =>
        {
            try
            {
                if (await (row.Session.Counts(now) ? AskAsync(row, ask, tell, stop) : RunOutAsync(row, tell, stop)) is { } news) followed(news);
            }
            catch (Exception broken) when (broken is not OperationCanceledException)
            {
                failed(broken.Message);
            }
        });
    }

    /// <summary>Ends what a provider says is signed out; who was, or null if the token came before.</summary>
    /// <param name="tell">What the log is to say of each of them.</param>
    public async Task<IReadOnlyList<string>?> LogOutAsync(ProviderLogout said, CancellationToken cancellation, Telling<string>? tell = null)
    {
        var id = Secret.Hash(said.Token);
        if (await logouts.IsSpentAsync(id, cancellation)) return null;
        var ended = new List<string>();
        foreach (var row in await desk.FederatedAsync(cancellation))
            if (row.Session.Word is { } word && Concerns(said, word) && await desk.EndAsync(row.Id, cancellation, tell?.Invoke(row.Session.Name))) ended.Add(row.Session.Name);
        // Remembered once it is done: a token whose work failed half way may be sent again.
        await logouts.SpendAsync(id, said.Until, cancellation);
        return ended;
    }

    /// <summary>The session it names; or, where it names none or the provider never told us its name, every one of the person.</summary>
    private static bool Concerns(ProviderLogout said, StoredWord word) => (said.Subject, said.Sid) switch
    {
        (null, { } sid) => word.Sid == sid && word.Subject.StartsWith(said.Issuer + " ", StringComparison.Ordinal),
        ({ } subject, null) => word.Subject == subject,
        ({ } subject, { } sid) => word.Subject == subject && (word.Sid ?? sid) == sid,
        _ => false,
    };

    private async Task<FederationNews?> AskAsync(SessionRow row, Func<string, Task<ProviderAnswer>> ask, Telling<FederationNews> tell, CancellationToken cancellation)
    {
        var (name, word) = (row.Session.Name, row.Session.Word!);
        if (await desk.KeepAsync(row, word with { AskAt = time.GetUtcNow() + Asking }, cancellation) is not { } mine) return null;
        if (word.Refresh is null || seal.Open(word.Refresh, Purpose(word.Subject)) is not { } token) return await EndAsync(mine, tell, "its refresh token is of another authority key");
        // From here on to the end, whatever stops: an answer that is not kept is a session that ends.
        var answer = await ask(Encoding.UTF8.GetString(token));
        var now = time.GetUtcNow();
        if (answer.Refused) return await EndAsync(mine, tell, answer.Why);
        if (answer.Person is not { } person)
        {
            // It may have given another refresh token all the same; the one before is worth nothing then.
            var waits = word with { Refresh = Next(answer, word), AskAt = now + (every < Again ? every : Again), SilentSince = word.SilentSince ?? now };
            var silent = word.SilentSince is null ? new FederationNews(name, $"the OpenID provider does not answer; without it the session ends at {word.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z", null, answer.Why) : null;
            await desk.KeepAsync(mine, waits, CancellationToken.None, silent is null ? null : tell(silent));
            return silent;
        }
        if (person.Subject != word.Subject) return await EndAsync(mine, tell, "the provider answered for somebody else");
        if (!person.Nonce.IsEmpty && Hash(person.Nonce) != word.Nonce) return await EndAsync(mine, tell, "the provider answered with the token of another sign-in");
        if (person.Rights is not { } rights) return await EndAsync(mine, tell, "no group of theirs has a role here any more");
        var next = word with
        {
            Sid = person.Sid ?? word.Sid, Refresh = Next(answer, word),
            Until = now + every + grace, AskAt = now + every, AskedAt = now, SilentSince = null,
        };
        FederationNews Changed(OperatorAct act) => new(name, $"rights of {name}", act, "groups of the OpenID provider");
        OperatorAct act;
        try
        {
            (_, act) = await book.FederateAsync(name, word.Subject, rights, isNew: false, CancellationToken.None, changed => tell(Changed(changed.Act)));
        }
        catch (Exception)
        {
            // What they may do now could not be written: nothing is believed for longer than before, and it is asked again soon.
            await desk.KeepAsync(mine, next with { Until = word.Until, AskAt = now + (every < Again ? every : Again), AskedAt = word.AskedAt }, CancellationToken.None);
            throw;
        }
        if (act.Refused is { } refused) return await EndAsync(mine, tell, refused);
        await desk.KeepAsync(mine, next, CancellationToken.None);
        return act.Before == act.After ? null : Changed(act);
    }

    private async Task<FederationNews?> EndAsync(SessionRow row, Telling<FederationNews> tell, string why)
    {
        var news = new FederationNews(row.Session.Name, "the OpenID provider vouches no more, the session ended", null, why);
        return await desk.EndAsync(row.Id, CancellationToken.None, tell(news)) ? news : null;
    }

    /// <summary>What ended by its own clock goes without a word; what ended because nobody answered does not.</summary>
    private async Task<FederationNews?> RunOutAsync(SessionRow row, Telling<FederationNews> tell, CancellationToken cancellation)
    {
        var news = row.Session.Word is { SilentSince: not null } word && row.Session.ExpiresAt > word.Until
            ? new FederationNews(row.Session.Name, "the OpenID provider did not answer for too long, the session ended", null, "silent") : null;
        return await desk.EndAsync(row.Id, cancellation, news is null ? null : tell(news)) ? news : null;
    }

    private byte[]? Next(ProviderAnswer answer, StoredWord word) => answer.RefreshToken is { } fresh ? Seal(fresh, word.Subject) : word.Refresh;

    private byte[] Seal(string token, string subject) => seal.Seal(Encoding.UTF8.GetBytes(token), Purpose(subject));

    /// <summary>So that nobody who can write rows has somebody else's session asked for with one's own token.</summary>
    private static string Purpose(string subject) => $"refresh token of {subject}";

    private static string Hash(ReadOnlyMemory<byte> nonce) => Secret.Hash(nonce.Span);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
