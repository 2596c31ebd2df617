using System.Security.Cryptography;
using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Joining;

/// <summary>
/// Enrolment (PROTOCOL.md section 7), in two steps:
/// <list type="number">
/// <item>the keys are what they should be (<see cref="EnrolmentVerifier"/>), and somebody lets the device ask: a join token, the list of
/// known roots, the maker of its TPM, or an enrolment it already has</item>
/// <item>a challenge only the root can answer; one answer, right or wrong</item>
/// <item>the token's use is taken (attack A40) and the twin enrols</item>
/// </list>
/// A device is active at once only if a token or the list says so <b>and</b> its root is what it claims: a known root, an endorsed TPM, or a
/// software key that calls itself one. Everything else waits for an operator: a PKCS#11 token has nobody who answers for it, and what it says of
/// itself is bound to the approval. Of those who would wait, approval rules let in whom <see cref="ApprovalDesk"/> names. Thread-safe.
/// </summary>
public sealed class EnrolmentDesk(
    EnrolmentVerifier verifier, JoinTokens tokens, DeviceDirectory directory, IdentityBook identities, ApprovalDesk approvals, Func<DeviceId, IDeviceTwin> twins, Serials serials, AdmissionRules rules,
    RandomNumberGenerator random, TimeProvider time)
{
    private const int IdSize = 16, NonceSize = 32;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(120);

    private readonly CredentialMaker credentials = new(random);

    public async Task<EnrolmentStart> BeginAsync(EnrolRequest request, CancellationToken cancellation)
    {
        var now = time.GetUtcMillisecond();
        var examination = verifier.Examine(request, now);
        if (examination.Candidate is not { } candidate)
        {
            var worst = examination.Findings.First(finding => finding.Outcome == Outcome.Fail);
            return Refused(EnrolmentRefusal.Refused, worst.Sentence);
        }
        if (await EntryAsync(request, candidate, cancellation) is not { } entry) return Refused(EnrolmentRefusal.TokenRefused, "no usable join token, and the root is neither known nor endorsed");
        if (!entry.Approved && entry.Existing is null && directory.CountLooks()[Looks.Pending] >= rules.MostPending
            && (await RuleAsync(entry, Describe(request, candidate, entry, default, 0), candidate, cancellation)) is null)
            return Refused(EnrolmentRefusal.Busy, $"{rules.MostPending} devices wait for an operator already");
        var id = Random(IdSize);
        if (candidate.EndorsementKey is not { } root)
            return new(new(request, candidate, new(id, default, default, Random(NonceSize)), default, now + AnswerWithin), null);
        var credential = credentials.Make(root, candidate.Key.Name.Span);
        return new(new(request, candidate, new(id, credential.Blob, credential.EncryptedSecret, default), credential.Secret, now + AnswerWithin), null);
    }

    /// <param name="pending">Already taken from its connection by the caller: it is burnt whatever this answers.</param>
    /// <param name="sessionSpki">SHA-256 of the connection's client key, 32 bytes.</param>
    public async Task<EnrolmentEnd> CompleteAsync(PendingEnrolment pending, ActivateRequest answer, ReadOnlyMemory<byte> sessionSpki, CancellationToken cancellation)
    {
        var (candidate, id) = (pending.Candidate, pending.Challenge.EnrolmentId);
        if (!CryptographicOperations.FixedTimeEquals(answer.EnrolmentId.Span, id.Span)) return Ended(EnrolmentRefusal.Refused, "an enrolment id that was not given out on this connection");
        if (time.GetUtcMillisecond() > pending.Deadline) return Ended(EnrolmentRefusal.Refused, "answered after the deadline");
        var proven = candidate.EndorsementKey is not null
            ? EnrolmentProof.IsOfTpm(answer.Proof.Span, pending.Secret.Span, id.Span, sessionSpki.Span)
            : EnrolmentProof.IsOfKey(answer.Proof.Span, candidate.Key, pending.Challenge.Nonce.Span, id.Span, sessionSpki.Span);
        if (!proven) return Ended(EnrolmentRefusal.Refused, "the proof is not one of this root");
        if (await EntryAsync(pending.Request, candidate, cancellation) is not { } entry) return Ended(EnrolmentRefusal.TokenRefused, "the join token was used up or expired meanwhile");
        if (entry.Token is { } secret && await tokens.ConsumeAsync(secret, cancellation) is null) return Ended(EnrolmentRefusal.TokenRefused, "the join token's last use was taken meanwhile");
        var index = entry.Existing?.Enrolment.StatusIndex ?? await serials.NextAsync("status-index", cancellation);
        var enrolment = Describe(pending.Request, candidate, entry, id, index);
        var rule = entry.Approved ? null : await RuleAsync(entry, enrolment, candidate, cancellation);
        if (rule is not null) enrolment = enrolment with { AdmittedBy = Grammar.Fit(entry.Same ? ApprovalRuling.Actor(rule) : $"{entry.By}, {ApprovalRuling.Actor(rule)}") };
        await identities.NoteAsync(enrolment, candidate.Endorsement, pending.Request.Certificates, cancellation);
        var admission = rule is null ? new Admission(enrolment, entry.Approved, Tags: entry.Tags) : new Admission(enrolment, true, ApprovalRuling.Text(rule), ApprovalRuling.Actor(rule), entry.Tags);
        return new(await twins(candidate.Device).EnrolAsync(admission, cancellation), null);
    }

    /// <summary>The rule that lets in who would wait for a person; null if none does.</summary>
    private async Task<ApprovalRule?> RuleAsync(Entry entry, Enrolment enrolment, EnrolmentCandidate candidate, CancellationToken cancellation)
    {
        if (entry.Existing is { Standing: not Standing.Pending }) return null;
        // Who waits already stays what it was when it joined: a rule is asked about that, not about what the device calls itself now.
        var known = entry.Same ? entry.Existing!.Enrolment : enrolment;
        return (await approvals.AskAsync(known, candidate.Endorsement.Endorsed, entry.Existing, cancellation)).Rule;
    }

    private Enrolment Describe(EnrolRequest request, EnrolmentCandidate candidate, Entry entry, ReadOnlyMemory<byte> id, long index)
        => new(
            id, candidate.Device, request.Root, candidate.Tier, RootKeyHash(candidate), KeyBytes(request), Endorsement(candidate),
            request.Name, entry.Site ?? request.Site, entry.Model ?? request.Model, index, entry.Approved || entry.Same ? entry.By : $"{entry.By}, to be approved", time.GetUtcMillisecond());

    /// <summary>What lets the device in, or null.</summary>
    private async Task<Entry?> EntryAsync(EnrolRequest request, EnrolmentCandidate candidate, CancellationToken cancellation)
    {
        var existing = await twins(candidate.Device).ReadAsync(cancellation);
        var known = rules.KnownRoots.Contains(Convert.ToHexStringLower(RootKeyHash(candidate).Span));
        var same = existing is not null && existing.Enrolment.IsSame(request.Root, KeyBytes(request).Span, Endorsement(candidate));
        if (known) return new("the list of known roots", true, null, null, null, existing);
        var grant = request.Token is { } secret ? await tokens.FindAsync(secret, cancellation) : null;
        // The same key under other words is a matter for a person, whatever it calls itself now.
        var moved = existing is not null && !same && existing.Enrolment.AttestationKey.Span.SequenceEqual(KeyBytes(request).Span);
        var honest = !moved && (candidate.Endorsement.Endorsed || candidate.Tier == AssuranceTier.Software);
        // A device that is in already comes back as what it is; only one that still waits may bring a token that lets it in.
        if (same && (existing!.Standing != Standing.Pending || grant is not { AutoApprove: true } || !honest)) return new(existing.Enrolment.AdmittedBy, false, null, null, null, existing, true);
        if (grant is not null) return new($"join token {grant.Id}", grant.AutoApprove && honest, request.Token, grant.Site, grant.Model, existing, Tags: grant.Tags);
        return request.Token is null && candidate.Endorsement.Endorsed ? new("its TPM's maker", false, null, null, null, existing) : null;
    }

    /// <summary>SHA-256 of the root key's SubjectPublicKeyInfo: the device id without its type byte.</summary>
    private static ReadOnlyMemory<byte> RootKeyHash(EnrolmentCandidate candidate) => candidate.Device.ToUeid().AsMemory(1);

    private static ReadOnlyMemory<byte> KeyBytes(EnrolRequest request) => request.Root == RootKind.Tpm ? request.AttestationKey : request.RootPublic;

    private static string Endorsement(EnrolmentCandidate candidate)
        => Grammar.Fit(candidate.EndorsementKey is null || candidate.Endorsement.Endorsed ? candidate.Endorsement.Words : $"no configured vendor vouches for it ({candidate.Endorsement.Words})");

    private byte[] Random(int size)
    {
        var bytes = new byte[size];
        random.GetBytes(bytes);
        return bytes;
    }

    private static EnrolmentStart Refused(string code, string reason) => new(null, new(code, reason));

    private static EnrolmentEnd Ended(string code, string reason) => new(null, new(code, reason));

    /// <param name="Token">To be consumed; null if none is needed.</param>
    /// <param name="Same">The device comes back as what it is.</param>
    private sealed record Entry(string By, bool Approved, ReadOnlyMemory<byte>? Token, string? Site, string? Model, TwinState? Existing, bool Same = false, IReadOnlyList<string>? Tags = null);
}
