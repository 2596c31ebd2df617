using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Records;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Passkeys;

namespace TrustMesh.Trust.Passkeys;

/// <summary>
/// Passkeys of people: registering one, signing in with one, removing one (WebAuthn 3). A silo gives the challenge and judges the answer itself; the page in
/// between only carries both. Thread-safe.
/// </summary>
/// <param name="mesh">Its name, for people who choose among their passkeys.</param>
public sealed class PasskeyDesk(IRecordStore store, OperatorBook book, OperatorDesk desk, SignInOrigins origins, string mesh, TimeProvider time)
{
    /// <summary>Passkeys of one person, and characters of a name.</summary>
    public const int MostPasskeys = 10, LongestName = 60;

    private const string Kind = "operator-passkey", Create = "create", Get = "get";
    private const int BindingSize = 32, IdLength = 16, LongestId = 1023, LongestHandle = 64;

    private readonly PasskeyChallenges challenges = new(store, time);

    public SignInOrigins Origins => origins;

    /// <summary>A challenge to sign in with; null if nobody signs in at that origin, or the binding is none.</summary>
    public async Task<PasskeyChallenge?> BeginAsync(SignInStart start, CancellationToken cancellation)
        => origins.RpId(start.Origin) is { } rp && Bytes(start.Binding, BindingSize, BindingSize) is { } binding
            ? new(Base64Url.EncodeToString(await challenges.MakeAsync(Get, start.Origin, binding, null, cancellation)), rp, (int)PasskeyChallenges.Life.TotalSeconds)
            : null;

    /// <summary>What to make a new passkey of; null as above.</summary>
    public async Task<PasskeyCreation?> BeginAsync(string name, SignInStart start, CancellationToken cancellation)
    {
        if (origins.RpId(start.Origin) is not { } rp || Bytes(start.Binding, BindingSize, BindingSize) is not { } binding || await book.FindAsync(name, cancellation) is not { } person) return null;
        var challenge = await challenges.MakeAsync(Create, start.Origin, binding, name, cancellation);
        var own = await RowsAsync(person.Handle, cancellation);
        return new(
            Base64Url.EncodeToString(challenge), rp, mesh, Base64Url.EncodeToString(Convert.FromHexString(person.Handle)), name, [PasskeyKey.Es256, PasskeyKey.Rs256],
            [.. own.Select(one => Base64Url.EncodeToString(one.Passkey.CredentialId))], (int)PasskeyChallenges.Life.TotalSeconds);
    }

    /// <summary>Why this person has no passkeys, in a sentence for them; null if they may: one would go on letting in whom an identity provider does not vouch for any more.</summary>
    public async Task<string?> RefusesAsync(string name, CancellationToken cancellation)
        => await book.FindAsync(name, cancellation) is { Subject: not null } ? "You come in by the OpenID provider's word; a passkey would outlive it. Passkeys are for people who do not." : null;

    /// <summary>The new passkey, or why there is none, in a sentence for its person.</summary>
    public async Task<(PasskeyView? Made, string Why)> RegisterAsync(string name, PasskeyRegistration asked, CancellationToken cancellation, Telling<string>? tell = null)
    {
        if (origins.RpId(asked.Origin) is not { } rp || await book.FindAsync(name, cancellation) is not { Disabled: false } person) return (null, "Nobody signs in at this address.");
        if (await RefusesAsync(name, cancellation) is { } refused) return (null, refused);
        if (asked.Name is null || asked.Name.Trim() is not { Length: > 0 and <= LongestName } called || Grammar.HasControl(called)) return (null, $"The name must be one line of 1 to {LongestName} characters.");
        if (Bytes(asked.Binding, BindingSize, BindingSize) is not { } binding || Bytes(asked.ClientData, 1, Caps.ClientData) is not { } client || Bytes(asked.Attestation, 1, Caps.AttestationObject) is not { } attestation)
            return (null, "The browser's answer is not in the form it should have.");
        var verified = PasskeyVerifier.Register(new(asked.Origin, rp, await challenges.JudgeAsync(Create, asked.Origin, binding, name, cancellation)), client, attestation);
        if (verified.Accepted is not { } made) return (null, $"The passkey was not accepted: {Failed(verified.Findings)}.");
        var own = await RowsAsync(person.Handle, cancellation);
        if (own.Count >= MostPasskeys) return (null, $"You have {MostPasskeys} passkeys; remove one first.");
        if (!await challenges.BurnAsync(made.Challenge, cancellation)) return (null, "This answer came before; try again.");
        var passkey = new StoredPasskey(
            name, person.Handle, made.Id.ToArray(), made.Key.Algorithm, made.Key.SubjectPublicKeyInfo.ToArray(), made.Counter, made.BackupEligible, made.BackedUp, called, time.GetUtcNow(), null);
        var id = RowId(made.Id.Span);
        try
        {
            await store.ActAsync(Kind, id, 0, JsonSerializer.SerializeToUtf8Bytes(passkey, TrustJson.Default.StoredPasskey), tell?.Invoke(called) ?? [], cancellation);
        }
        catch (StaleRecordException)
        {
            // Whoever has it, it is not made over (WebAuthn 3, 7.1 step 26).
            return (null, "This passkey is registered already.");
        }
        return (View(id, passkey), "");
    }

    public async Task<PasskeyOutcome> SignInAsync(PasskeySignIn asked, CancellationToken cancellation, Telling<string>? tell = null)
    {
        if (origins.RpId(asked.Origin) is not { } rp) return new(null, "an origin where nobody signs in");
        if (Bytes(asked.Binding, BindingSize, BindingSize) is not { } binding || Bytes(asked.CredentialId, 1, LongestId) is not { } credential || Bytes(asked.UserHandle, 1, LongestHandle) is not { } handle
            || Bytes(asked.ClientData, 1, Caps.ClientData) is not { } client || Bytes(asked.AuthenticatorData, 1, Caps.AuthenticatorData) is not { } data || Bytes(asked.Signature, 1, Caps.PasskeySignature) is not { } signature)
            return new(null, "an answer that is no passkey's");
        if (await store.ReadAsync(Kind, RowId(credential), cancellation) is not { } row) return new(null, "a passkey nobody registered");
        var passkey = Read(row);
        // The credential says who, and the handle has to say the same: another person's credential is nobody's here.
        if (passkey.Handle != Convert.ToHexStringLower(handle) || await book.FindByHandleAsync(passkey.Handle, cancellation) is not { Disabled: false, Subject: null } person)
            return new(null, "a passkey of nobody who may sign in");
        var known = new KnownPasskey(new(passkey.Algorithm, passkey.Key), passkey.Counter, passkey.BackupEligible);
        var verified = PasskeyVerifier.Assert(new(asked.Origin, rp, await challenges.JudgeAsync(Get, asked.Origin, binding, null, cancellation)), known, client, data, signature);
        if (verified.Accepted is not { } accepted)
        {
            var wrong = verified.Findings.Where(finding => finding.Outcome == Outcome.Fail).Select(finding => finding.Check).ToList();
            return new(null, Failed(verified.Findings), wrong is ["passkey.counter"] ? $"{passkey.Name} of {person.Name}" : null);
        }
        if (!await challenges.BurnAsync(accepted.Challenge, cancellation)) return new(null, "an answer that came before");
        try
        {
            var used = passkey with { Counter = accepted.Counter, BackedUp = accepted.BackedUp, UsedAt = time.GetUtcNow() };
            await store.WriteAsync(Kind, row.Id, row.Version, JsonSerializer.SerializeToUtf8Bytes(used, TrustJson.Default.StoredPasskey), cancellation);
        }
        catch (StaleRecordException)
        {
            // It signed twice at the same moment; which counter came first is not known any more.
            return new(null, "a passkey that was used somewhere else at the same moment");
        }
        return await desk.OpenAsync(person.Name, "passkey", cancellation, tell) is { } opened ? new(opened, "") : new(null, "a person who may sign in no more");
    }

    /// <summary>A person's passkeys, the oldest first.</summary>
    public async Task<IReadOnlyList<PasskeyView>> ListAsync(string name, CancellationToken cancellation)
        => await book.FindAsync(name, cancellation) is { } person ? [.. (await RowsAsync(person.Handle, cancellation)).Select(one => View(one.Row.Id, one.Passkey))] : [];

    /// <summary>How many each person has.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellation)
        => (await store.ListAsync(Kind, cancellation)).CountBy(row => Read(row).Person).ToDictionary();

    /// <summary>Removes one; the answer is its name, or why it was not removed.</summary>
    public async Task<(string? Removed, string? Refused)> RemoveAsync(string name, string id, CancellationToken cancellation, Telling<string>? tell = null)
    {
        if (await book.FindAsync(name, cancellation) is not { } person) return (null, null);
        var own = await RowsAsync(person.Handle, cancellation);
        if (own.FirstOrDefault(one => one.Row.Id[..IdLength] == id) is not { Row: { } row, Passkey: { } passkey }) return (null, null);
        if (own.Count == 1) return (null, "It is your last passkey; register another first, or you are locked out when this session ends.");
        try
        {
            await store.ActAsync(Kind, row.Id, row.Version, null, tell?.Invoke(passkey.Name) ?? [], cancellation);
        }
        catch (StaleRecordException)
        {
            // It was used, or removed, at the same moment.
            return (null, "It was used at the same moment; look again.");
        }
        return (passkey.Name, null);
    }

    /// <summary>Clears those of people who are on the list no more: nobody can sign in with them anyway.</summary>
    public async Task ForgetAsync(string name, CancellationToken cancellation)
    {
        var person = await book.FindAsync(name, cancellation);
        foreach (var row in await store.ListAsync(Kind, cancellation))
            if (Read(row) is var passkey && passkey.Person == name && passkey.Handle != person?.Handle)
                try
                {
                    await store.DeleteAsync(Kind, row.Id, row.Version, cancellation);
                }
                catch (StaleRecordException)
                {
                    // Another silo clears up too.
                    continue;
                }
    }

    private async Task<IReadOnlyList<(Record Row, StoredPasskey Passkey)>> RowsAsync(string handle, CancellationToken cancellation)
        => [.. (await store.ListAsync(Kind, cancellation)).Select(row => (Row: row, Passkey: Read(row))).Where(one => one.Passkey.Handle == handle).OrderBy(one => one.Passkey.CreatedAt)];

    private static string RowId(ReadOnlySpan<byte> credential) => Convert.ToHexStringLower(SHA256.HashData(credential));

    private static StoredPasskey Read(Record row) => JsonSerializer.Deserialize(row.Value.Span, TrustJson.Default.StoredPasskey)!;

    private static PasskeyView View(string id, StoredPasskey passkey) => new(id[..IdLength], passkey.Name, passkey.CreatedAt, passkey.UsedAt, passkey.BackedUp);

    private static string Failed(IEnumerable<Finding> findings)
        => string.Join("; ", findings.Where(finding => finding.Outcome == Outcome.Fail).Select(finding => $"{finding.Claim} {finding.Got}"));

    /// <summary>Base64url in its one form, without padding; null if it is none or not of that size.</summary>
    private static byte[]? Bytes(string? text, int least, int most)
    {
        if (text is null || text.Length > (most * 4 + 2) / 3 || !Base64Url.IsValid(text, out var length) || length < least || length > most) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }
}
