using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Passkeys;

/// <summary>
/// Sign-in by the word of an identity provider: nonces for browsers, each once, and people who come and change with the provider's groups. Who is on the list
/// with a way in of our own is never taken over by somebody of the same name. Thread-safe.
/// </summary>
public sealed class FederationDesk(IRecordStore store, OperatorBook book, OperatorDesk desk, TimeProvider time)
{
    private const string Ceremony = "oidc";

    private readonly PasskeyChallenges challenges = new(store, time);

    /// <summary>Seconds a nonce counts.</summary>
    public static int Seconds => (int)PasskeyChallenges.Life.TotalSeconds;

    public Task<byte[]> BeginAsync(string origin, ReadOnlyMemory<byte> binding, CancellationToken cancellation) => challenges.MakeAsync(Ceremony, origin, binding, null, cancellation);

    /// <summary>The person, signed in, or why not, for the log; with what changed in the list.</summary>
    public async Task<(SignedIn? In, string Why, OperatorAct? Act)> SignInAsync(
        FederatedPerson person, string origin, ReadOnlyMemory<byte> binding, CancellationToken cancellation, Telling<(string Name, OperatorAct Act)>? changed = null, Telling<string>? tell = null)
    {
        if ((await challenges.JudgeAsync(Ceremony, origin, binding, null, cancellation))(person.Nonce) is { } wrong) return (null, $"nonce {wrong}", null);
        if (!await challenges.BurnAsync(person.Nonce, cancellation)) return (null, "a token that came before", null);
        if (person.Rights is not { } rights) return (null, "no group of theirs has a role here", null);
        var (name, act) = await book.FederateAsync(person.Name, person.Subject, rights, cancellation, changed);
        if (act.Refused is { } refused) return (null, refused, null);
        return await desk.OpenAsync(name, "oidc", cancellation, tell) is { } opened ? (opened, "", act) : (null, $"{name} may sign in no more", null);
    }
}
