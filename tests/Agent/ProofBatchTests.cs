using System.Security.Cryptography;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Proving;
using TrustMesh.Roots;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Trust;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using SessionKeys = TrustMesh.Agent.Identity.SessionKeys;

namespace TrustMesh.Tests.Agent;

public sealed class ProofBatchTests : IDisposable
{
    private readonly Folder folder = new();
    private readonly RegisterRoot root = new();
    private readonly StateDirectory state;
    private readonly Attester attester;
    private readonly TrustMesh.Agent.Identity.SessionKeys sessions = new(TimeProvider.System);
    private readonly EvidenceCase mesh = new();

    public ProofBatchTests()
    {
        state = StateDirectory.Open(folder.FullPath);
        attester = new(root, state);
        attester.Record(() => [("/etc/pump.conf", new(LogEntryKind.File, EvidenceCase.Config)), ("/usr/bin/pump", new(LogEntryKind.File, EvidenceCase.Program))]);
    }

    [Fact]
    public async Task One_signature_answers_a_thousand_challengers()
    {
        var batch = Batch();
        using var held = root.HoldProofs();
        var first = batch.AnswerAsync(Ask(0), CancellationToken.None);
        await held.ReachedAsync();
        var questions = Enumerable.Range(1, 1000).Select(i => Ask(i)).ToList();
        var answers = questions.Select(question => batch.AnswerAsync(question, CancellationToken.None)).ToList();
        held.Release();
        await first;
        for (var i = 0; i < answers.Count; i++) AssertAnswers(await answers[i], questions[i]);
        Assert.Equal(2, root.Proofs);
    }

    [Fact]
    public async Task A_late_question_waits_for_the_next_signature_and_causes_no_second_one_beside_it()
    {
        var batch = Batch();
        using var held = root.HoldProofs();
        var (early, late, later) = (Ask(1), Ask(2), Ask(3));
        var first = batch.AnswerAsync(early, CancellationToken.None);
        await held.ReachedAsync();
        var second = batch.AnswerAsync(late, CancellationToken.None);
        var third = batch.AnswerAsync(later, CancellationToken.None);
        Assert.False(second.IsCompleted);
        Assert.Equal(1, root.Proofs);
        held.Release();
        AssertAnswers(await first, early);
        AssertAnswers(await second, late);
        AssertAnswers(await third, later);
        Assert.Equal((1, 2), ((await first).Proof.Size, (await second).Proof.Size));
        Assert.Equal(2, root.Proofs);
        Assert.Equal(1, root.MostProofsAtOnce);
    }

    [Theory]
    [InlineData(AttesterRole.TlsServer, AttesterRole.TlsServer, AttesterRole.TlsServer)]
    [InlineData(AttesterRole.TlsClient, AttesterRole.TlsClient, AttesterRole.TlsClient)]
    [InlineData(AttesterRole.TlsClient, AttesterRole.TlsServer, AttesterRole.Batch)]
    public async Task A_batch_says_the_role_its_questions_have_in_common(AttesterRole one, AttesterRole other, AttesterRole said)
    {
        var batch = Batch();
        var questions = new[] { Ask(1, role: one), Ask(2, role: other) };
        var answers = await TogetherAsync(batch, questions);
        for (var i = 0; i < 2; i++) AssertAnswers(answers[i], questions[i]);
        var claims = Claims.Decode(answers[0].ClaimsBytes);
        Assert.Equal(ChallengeLeaf.TokenExtraData(said, claims.Challenge.Span), claims.ExtraData!.Value.ToArray());
    }

    [Fact]
    public async Task Questions_about_other_registers_or_for_another_session_key_have_a_signature_of_their_own()
    {
        var batch = Batch();
        using var other = new SessionKey(TimeProvider.System);
        var questions = new[] { Ask(1), Ask(2) with { Pcrs = [0, 13] }, Ask(3), Ask(4, session: other), Ask(5) with { Pcrs = [0, 13] } };
        var answers = await TogetherAsync(batch, questions);
        for (var i = 0; i < questions.Length; i++) AssertAnswers(answers[i], questions[i]);
        Assert.Equal([2L, 2L, 2L, 1L, 2L], answers.Select(answer => answer.Proof.Size));
        Assert.Equal(4, root.Proofs);
    }

    [Fact]
    public async Task Each_challenger_gets_the_log_from_its_own_cursor()
    {
        var questions = new[] { Ask(1), Ask(2) with { Boot = root.Boot, LogCursor = 1 }, Ask(3) with { Boot = root.Boot, LogCursor = 2 }, Ask(4) with { Boot = root.Boot - 1, LogCursor = 2 } };
        var answers = await TogetherAsync(Batch(), questions);
        Assert.Equal([(0, 2), (1, 1), (2, 0), (0, 2)], answers.Select(answer => (answer.Log.From, answer.Log.Entries.Count)));
    }

    [Fact]
    public async Task A_root_that_fails_fails_everyone_who_waited_for_it_and_nobody_after()
    {
        var batch = Batch();
        root.ProofFails = true;
        using (var held = root.HoldProofs())
        {
            var waiting = Enumerable.Range(0, 10).Select(i => batch.AnswerAsync(Ask(i), CancellationToken.None)).ToList();
            held.Release();
            foreach (var one in waiting) Assert.Contains("This test told it so", (await Assert.ThrowsAsync<RootException>(() => one)).Message, StringComparison.Ordinal);
        }
        root.ProofFails = false;
        var question = Ask(11);
        AssertAnswers(await batch.AnswerAsync(question, CancellationToken.None), question);
    }

    [Fact]
    public async Task A_question_nobody_waits_for_any_more_is_left_out()
    {
        var batch = Batch();
        using var held = root.HoldProofs();
        var first = batch.AnswerAsync(Ask(0), CancellationToken.None);
        await held.ReachedAsync();
        using var gone = new CancellationTokenSource();
        var left = batch.AnswerAsync(Ask(1), gone.Token);
        var stays = batch.AnswerAsync(Ask(2), CancellationToken.None);
        await gone.CancelAsync();
        held.Release();
        await first;
        Assert.Equal(1, (await stays).Proof.Size);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
    }

    [Fact]
    public async Task A42_More_questions_than_may_wait_are_refused()
    {
        var batch = Batch();
        using var held = root.HoldProofs();
        var first = batch.AnswerAsync(Ask(0), CancellationToken.None);
        await held.ReachedAsync();
        var question = Ask(1);
        var waiting = Enumerable.Range(0, ProofBatch.MostWaiting).Select(_ => batch.AnswerAsync(question, CancellationToken.None)).ToList();
        Assert.Throws<TooManyQuestionsException>(() => { _ = batch.AnswerAsync(question, CancellationToken.None); });
        held.Release();
        await Task.WhenAll([first, .. waiting]);
    }

    /// <summary>A root that takes 200 ms is worth 50 ms of waiting for company; one that signs at once is not worth any.</summary>
    [Fact]
    public async Task A_slow_root_holds_a_batch_open_for_others_and_a_fast_one_does_not()
    {
        var time = new ManualTime();
        var batch = new ProofBatch(attester, () => 0, "0.1.0", time);
        await batch.AnswerAsync(Ask(0), CancellationToken.None);
        root.Proving = () => time.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal(1, (await batch.AnswerAsync(Ask(1), CancellationToken.None)).Proof.Size);

        var first = batch.AnswerAsync(Ask(2), CancellationToken.None);
        await Eventually.TrueAsync(() => time.Timers == 1, "the window");
        time.Advance(TimeSpan.FromMilliseconds(49));
        var second = batch.AnswerAsync(Ask(3), CancellationToken.None);
        Assert.Equal(2, root.Proofs);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((2, 2), ((await first).Proof.Size, (await second).Proof.Size));
        Assert.Equal(3, root.Proofs);
    }

    [Fact]
    public async Task A_voucher_names_the_session_key_carries_no_log_and_costs_no_signature_after_an_answer()
    {
        var batch = Batch();
        await batch.AnswerAsync(Ask(1), CancellationToken.None);
        var voucher = Evidence.Decode(batch.VoucherFor(sessions.Current));
        Assert.Equal(1, root.Proofs);
        AssertVouches(voucher, sessions.Current);
    }

    [Fact]
    public void A32_A_voucher_made_without_a_question_answers_nobodys_question()
    {
        var batch = Batch();
        var voucher = Evidence.Decode(batch.VoucherFor(sessions.Current));
        AssertVouches(voucher, sessions.Current);
        batch.VoucherFor(sessions.Current);
        Assert.Equal(1, root.Proofs);
        var question = Ask(1);
        var result = Verify(voucher.Encode(), question, sessions.Current);
        Assert.Null(result.Verified);
        Assert.Contains(result.Findings, finding => finding is { Check: "evidence.challenge", Outcome: Outcome.Fail });
    }

    public void Dispose()
    {
        sessions.Dispose();
        attester.Dispose();
        state.Dispose();
        folder.Dispose();
    }

    private ProofBatch Batch() => new(attester, () => 0, "0.1.0", TimeProvider.System);

    private Question Ask(int i, AttesterRole role = AttesterRole.TlsServer, SessionKey? session = null)
    {
        session ??= sessions.Current;
        var challenger = BitConverter.GetBytes(i);
        return new(new(SHA256.HashData(challenger), DeviceId.FromRootKey(challenger), root.Device, role, session.SpkiHash, SHA256.HashData(challenger), ChannelBindingType.Finished, new byte[48]), session, 0x000b, [13], 0, 0);
    }

    /// <summary>Asks all while the root is busy with another question, so that they wait together.</summary>
    private async Task<List<Evidence>> TogetherAsync(ProofBatch batch, IEnumerable<Question> questions)
    {
        using var held = root.HoldProofs();
        var first = batch.AnswerAsync(Ask(1000), CancellationToken.None);
        await held.ReachedAsync();
        var answers = questions.Select(question => batch.AnswerAsync(question, CancellationToken.None)).ToList();
        held.Release();
        await first;
        return [.. await Task.WhenAll(answers)];
    }

    private void AssertAnswers(Evidence evidence, Question question)
    {
        var result = Verify(evidence.Encode(), question, question.Session);
        Assert.True(result.Verified is not null, string.Join('\n', result.Findings.Where(finding => finding.Outcome != Outcome.Pass)));
        Assert.Equal(2, result.Verified.After.LogCount);
    }

    private VerificationResult Verify(byte[] evidence, Question question, SessionKey session)
        => new EvidenceVerifier().Verify(evidence, question.Leaf, session.Spki,
            new(root.Device, new byte[16], AssuranceTier.Software, EvidenceCase.Model, AttestationKey.FromSubjectPublicKeyInfo(root.RootPublic)), AttesterState.None, mesh.SignedPolicy, null, EvidenceCase.Now);

    private void AssertVouches(Evidence voucher, SessionKey session)
    {
        Assert.Empty(voucher.Log.Entries);
        Assert.Equal(session.Thumbprint, Claims.Decode(voucher.ClaimsBytes).SessionKeyThumbprint.ToArray());
        Assert.True(AttestationKey.FromSubjectPublicKeyInfo(root.RootPublic).Verify(CoseSign1.Decode(voucher.Token!.Value)));
    }
}
