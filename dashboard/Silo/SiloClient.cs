using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Contracts.Snapshots;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Silo;

/// <summary>The operator API (silo/Contracts/API.md) as one user. Every call throws <see cref="SiloException"/> and nothing else of its own.</summary>
public sealed partial class SiloClient(SiloConnection silo, string? token)
{
    /// <summary>Answers that one stretch of the past is put together from.</summary>
    private const int MostPages = 10;

    /// <summary>For what the silo itself takes up to a minute for.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(80);

    /// <summary>Bytes of an answer, of one that tells of every device, and of a certificate. Nobody is answered with more, and a silo that sends on and on fills no memory (attack A42).</summary>
    private const int MostBytes = 16 * 1024 * 1024, MostOfAll = 96 * 1024 * 1024, MostOfCertificate = 64 * 1024;

    public Task<Session> SignInAsync(string code, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "session", Body(new SignIn(code), ContractJson.Default.SignIn), ContractJson.Default.Session, cancel);

    public Task<Session> SignInAsync(PasskeySignIn answer, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "session/passkey", Body(answer, ContractJson.Default.PasskeySignIn), ContractJson.Default.Session, cancel);

    public Task<PasskeyChallenge> PasskeyChallengeAsync(SignInStart start, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "session/challenge", Body(start, ContractJson.Default.SignInStart), ContractJson.Default.PasskeyChallenge, cancel);

    public Task<PasskeyCreation> PasskeyCreationAsync(SignInStart start, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "session/passkeys/options", Body(start, ContractJson.Default.SignInStart), ContractJson.Default.PasskeyCreation, cancel);

    public Task<PasskeyView> RegisterPasskeyAsync(PasskeyRegistration made, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "session/passkeys", Body(made, ContractJson.Default.PasskeyRegistration), ContractJson.Default.PasskeyView, cancel);

    /// <summary>One's own.</summary>
    public Task<IReadOnlyList<PasskeyView>> PasskeysAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "session/passkeys", null, ContractJson.Default.IReadOnlyListPasskeyView, cancel);

    public async Task RemovePasskeyAsync(string id, CancellationToken cancel) => (await SendAsync(HttpMethod.Delete, $"session/passkeys/{Segment(id)}", null, null, cancel)).Dispose();

    public Task<SignInWays> WaysAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "session/ways", null, ContractJson.Default.SignInWays, cancel);

    public Task<OidcStart> OidcStartAsync(SignInStart start, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "session/oidc/start", Body(start, ContractJson.Default.SignInStart), ContractJson.Default.OidcStart, cancel);

    public Task<Session> SignInAsync(OidcSignIn answer, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "session/oidc", Body(answer, ContractJson.Default.OidcSignIn), ContractJson.Default.Session, cancel);

    /// <summary>What the OpenID provider sent when somebody signed out there, as it came.</summary>
    public async Task LogOutByProviderAsync(byte[] form, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, "session/oidc/logout", new ByteArrayContent(form) { Headers = { ContentType = new("application/x-www-form-urlencoded") } }, null, cancel)).Dispose();

    /// <summary>Who is signed in, and what they may do now.</summary>
    public Task<Session> SessionAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "session", null, ContractJson.Default.Session, cancel);

    /// <summary>One's own, or as admin everybody's.</summary>
    public Task<IReadOnlyList<SessionView>> SessionsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "sessions", null, ContractJson.Default.IReadOnlyListSessionView, cancel);

    public async Task EndSessionAsync(string id, CancellationToken cancel) => (await SendAsync(HttpMethod.Delete, $"sessions/{Segment(id)}", null, null, cancel)).Dispose();

    public Task<IReadOnlyList<OperatorView>> OperatorsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "operators", null, ContractJson.Default.IReadOnlyListOperatorView, cancel);

    /// <summary>Groups of the OpenID provider; none from a silo of before they were told.</summary>
    public async Task<IReadOnlyList<GroupView>> GroupsAsync(CancellationToken cancel)
    {
        try
        {
            return await CallAsync(HttpMethod.Get, "operators/groups", null, ContractJson.Default.IReadOnlyListGroupView, cancel);
        }
        catch (SiloException old) when (old.Code == "not_found")
        {
            return [];
        }
    }

    public Task<SettingsView> SettingsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "settings", null, ContractJson.Default.SettingsView, cancel);

    public Task<OperatorCode> InviteAsync(OperatorRequest request, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "operators", Body(request, ContractJson.Default.OperatorRequest), ContractJson.Default.OperatorCode, cancel);

    public async Task SetRightsAsync(string name, RightsChange change, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Put, $"operators/{Segment(name)}/rights", Body(change, ContractJson.Default.RightsChange), null, cancel)).Dispose();

    /// <param name="act">disable, enable, remove.</param>
    public async Task ActOnOperatorAsync(string name, string act, string reason, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"operators/{Segment(name)}/{act}", Body(new Decision(reason), ContractJson.Default.Decision), null, cancel)).Dispose();

    /// <summary>By name, those that ended lately too.</summary>
    public Task<IReadOnlyList<ApiTokenView>> ApiTokensAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "api-tokens", null, ContractJson.Default.IReadOnlyListApiTokenView, cancel);

    public Task<ApiTokenMade> MakeApiTokenAsync(ApiTokenRequest request, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "api-tokens", Body(request, ContractJson.Default.ApiTokenRequest), ContractJson.Default.ApiTokenMade, cancel);

    public async Task RevokeApiTokenAsync(string name, string reason, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"api-tokens/{Segment(name)}/revoke", Body(new Decision(reason), ContractJson.Default.Decision), null, cancel)).Dispose();

    public async Task EndSessionAsync(CancellationToken cancel) => (await SendAsync(HttpMethod.Delete, "session", null, null, cancel)).Dispose();

    public Task<MeshView> MeshAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "mesh", null, ContractJson.Default.MeshView, cancel);

    /// <summary>By name, dead and silent ones too.</summary>
    public Task<IReadOnlyList<SiloView>> SilosAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "silos", null, ContractJson.Default.IReadOnlyListSiloView, cancel);

    public Task<DeviceDetail> DeviceAsync(string id, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"devices/{Segment(id)}", null, ContractJson.Default.DeviceDetail, cancel);

    /// <summary>Behind the device's last verdict, decoded.</summary>
    public Task<EvidenceView> EvidenceAsync(string id, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"devices/{Segment(id)}/evidence/decoded", null, ContractJson.Default.EvidenceView, cancel);

    /// <param name="act">approve, suspend, resume, revoke.</param>
    /// <param name="version">The version the user saw: somebody else's decision in between is a conflict, not overwritten.</param>
    public async Task DecideAsync(string id, string act, string? reason, long version, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"devices/{Segment(id)}/{act}", Body(new Decision(reason), ContractJson.Default.Decision), version, cancel)).Dispose();

    /// <summary>Decides about many waiting devices, or says what would happen.</summary>
    public Task<BulkAnswer> DecideManyAsync(BulkDecision decision, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "devices/decide", Body(decision, ContractJson.Default.BulkDecision), ContractJson.Default.BulkAnswer, cancel);

    /// <summary>Adds and removes tags of a device; what somebody else adds meanwhile stays.</summary>
    public async Task TagAsync(string id, TagEdit edit, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Patch, $"devices/{Segment(id)}/tags", Body(edit, ContractJson.Default.TagEdit), null, cancel)).Dispose();

    /// <summary>Changes tags of many devices, or says what would happen.</summary>
    public Task<BulkAnswer> TagManyAsync(BulkTags change, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "devices/tags", Body(change, ContractJson.Default.BulkTags), ContractJson.Default.BulkAnswer, cancel);

    /// <summary>What is known of a device's hardware.</summary>
    public Task<EnrolmentView> EnrolmentAsync(string id, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"devices/{Segment(id)}/enrolment", null, ContractJson.Default.EnrolmentView, cancel);

    public Task<IReadOnlyList<JoinToken>> JoinTokensAsync(CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, "enroll/tokens", null, ContractJson.Default.IReadOnlyListJoinToken, cancel);

    public Task<JoinToken> CreateJoinTokenAsync(JoinTokenRequest request, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "enroll/tokens", Body(request, ContractJson.Default.JoinTokenRequest), ContractJson.Default.JoinToken, cancel);

    public async Task DeleteJoinTokenAsync(string id, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Delete, $"enroll/tokens/{Segment(id)}", null, null, cancel)).Dispose();

    /// <summary>Rules by which devices are let in, in their order.</summary>
    public Task<IReadOnlyList<ApprovalRule>> RulesAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "enroll/rules", null, ContractJson.Default.IReadOnlyListApprovalRule, cancel);

    public async Task SetRuleAsync(string name, ApprovalRuleUpdate update, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Put, $"enroll/rules/{Segment(name)}", Body(update, ContractJson.Default.ApprovalRuleUpdate), null, cancel)).Dispose();

    public async Task RemoveRuleAsync(string name, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Delete, $"enroll/rules/{Segment(name)}", null, null, cancel)).Dispose();

    /// <summary>Which devices rules would let in.</summary>
    public Task<ApprovalTestAnswer> TestRuleAsync(ApprovalTest test, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "enroll/rules/test", Body(test, ContractJson.Default.ApprovalTest), ContractJson.Default.ApprovalTestAnswer, cancel);

    public Task<PolicyView> PolicyAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "policy", null, ContractJson.Default.PolicyView, cancel);

    public Task<IReadOnlyList<ReferenceView>> ReferencesAsync(CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, "references", null, ContractJson.Default.IReadOnlyListReferenceView, cancel);

    /// <summary>What devices report and reference values do not accept, the most common first.</summary>
    public Task<IReadOnlyList<OutlierView>> OutliersAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "references/outliers", null, ContractJson.Default.IReadOnlyListOutlierView, cancel);

    /// <param name="pcrs">Registers to take too; null: none.</param>
    public async Task LearnAsync(string device, IReadOnlyList<int>? pcrs, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, "references/learn", Body(new LearnRequest(device, pcrs), ContractJson.Default.LearnRequest), null, cancel)).Dispose();

    /// <summary>Signs the next version of the policy; what is null stays as it is.</summary>
    /// <param name="over">The version the person saw: another one in between is a conflict, not overwritten.</param>
    public Task<PolicyView> UpdatePolicyAsync(PolicyUpdate update, long over, CancellationToken cancel) =>
        CallAsync(HttpMethod.Put, "policy", Body(update, ContractJson.Default.PolicyUpdate), ContractJson.Default.PolicyView, cancel, version: over);

    /// <summary>What a draft would say of the last evidence of every device.</summary>
    public Task<PolicySimulation> SimulatePolicyAsync(PolicyUpdate draft, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "policy/simulate", Body(draft, ContractJson.Default.PolicyUpdate), ContractJson.Default.PolicySimulation, cancel, LongPatience, most: MostOfAll);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<PolicyVersion>> PolicyVersionsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "policy/versions", null, ContractJson.Default.IReadOnlyListPolicyVersion, cancel);

    public Task<PolicyView> PolicyAsync(long version, CancellationToken cancel) => CallAsync(HttpMethod.Get, $"policy/versions/{version}", null, ContractJson.Default.PolicyView, cancel);

    /// <summary>Queries everybody of the mesh can use, by name.</summary>
    public Task<IReadOnlyList<SavedQuery>> SavedQueriesAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "queries", null, ContractJson.Default.IReadOnlyListSavedQuery, cancel);

    public async Task SaveQueryAsync(string name, string query, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Put, $"queries/{Segment(name)}", Body(new SavedQueryUpdate(query), ContractJson.Default.SavedQueryUpdate), null, cancel)).Dispose();

    public async Task RemoveQueryAsync(string name, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Delete, $"queries/{Segment(name)}", null, null, cancel)).Dispose();

    /// <summary>One's own.</summary>
    public Task<IReadOnlyList<GraphPin>> PinsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "session/pins", null, ContractJson.Default.IReadOnlyListGraphPin, cancel);

    public async Task PinAsync(string device, PinPlace place, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Put, $"session/pins/{Segment(device)}", Body(place, ContractJson.Default.PinPlace), null, cancel)).Dispose();

    /// <param name="device">Null: all.</param>
    public async Task UnpinAsync(string? device, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Delete, device is null ? "session/pins" : $"session/pins/{Segment(device)}", null, null, cancel)).Dispose();

    public Task<AlertCounts> AlertCountsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "alerts/counts", null, ContractJson.Default.AlertCounts, cancel);

    /// <summary>The most urgent first, resolved ones last.</summary>
    public Task<IReadOnlyList<AlertView>> AlertsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "alerts", null, ContractJson.Default.IReadOnlyListAlertView, cancel);

    public async Task AcknowledgeAsync(string alert, string? note, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"alerts/{Segment(alert)}/acknowledge", Body(new AlertNote(note), ContractJson.Default.AlertNote), null, cancel)).Dispose();

    public Task<IReadOnlyList<AlertRuleView>> AlertRulesAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "alerts/rules", null, ContractJson.Default.IReadOnlyListAlertRuleView, cancel);

    public async Task SaveAlertRuleAsync(string name, AlertRuleUpdate update, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Put, $"alerts/rules/{Segment(name)}", Body(update, ContractJson.Default.AlertRuleUpdate), null, cancel)).Dispose();

    public async Task RemoveAlertRuleAsync(string name, CancellationToken cancel) => (await SendAsync(HttpMethod.Delete, $"alerts/rules/{Segment(name)}", null, null, cancel)).Dispose();

    public Task<IReadOnlyList<SilenceView>> SilencesAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "alerts/silences", null, ContractJson.Default.IReadOnlyListSilenceView, cancel);

    public async Task SilenceAsync(SilenceRequest request, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, "alerts/silences", Body(request, ContractJson.Default.SilenceRequest), null, cancel)).Dispose();

    public async Task EndSilenceAsync(string id, CancellationToken cancel) => (await SendAsync(HttpMethod.Delete, $"alerts/silences/{Segment(id)}", null, null, cancel)).Dispose();

    public Task<IReadOnlyList<WebhookView>> WebhooksAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "webhooks", null, ContractJson.Default.IReadOnlyListWebhookView, cancel);

    public Task<WebhookSecret> AddWebhookAsync(WebhookRequest request, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "webhooks", Body(request, ContractJson.Default.WebhookRequest), ContractJson.Default.WebhookSecret, cancel);

    public Task<WebhookSecret> RotateWebhookAsync(string name, CancellationToken cancel) => CallAsync(HttpMethod.Post, $"webhooks/{Segment(name)}/rotate", null, ContractJson.Default.WebhookSecret, cancel);

    public async Task TestWebhookAsync(string name, CancellationToken cancel) => (await SendAsync(HttpMethod.Post, $"webhooks/{Segment(name)}/test", null, null, cancel)).Dispose();

    public async Task RemoveWebhookAsync(string name, CancellationToken cancel) => (await SendAsync(HttpMethod.Delete, $"webhooks/{Segment(name)}", null, null, cancel)).Dispose();

    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(string name, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"webhooks/{Segment(name)}/deliveries", null, ContractJson.Default.IReadOnlyListWebhookDelivery, cancel);

    public async Task ResendAsync(string name, string delivery, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"webhooks/{Segment(name)}/deliveries/{Segment(delivery)}/resend", null, null, cancel)).Dispose();

    /// <summary>Who examined whom.</summary>
    /// <param name="device">Edges from and to this device; null for all.</param>
    public Task<IReadOnlyList<PeerEdge>> EdgesAsync(string? device, CancellationToken cancel) =>
        AllEdgesAsync(device, null, null, cancel);

    /// <summary>Those from or to devices that a query finds, by names.</summary>
    /// <param name="looks">Of verdicts, with commas between; empty for every look.</param>
    public Task<IReadOnlyList<PeerEdge>> FindEdgesAsync(string query, string looks, CancellationToken cancel) =>
        AllEdgesAsync(null, query, looks, cancel);

    public Task<EdgeDetail> EdgeAsync(string from, string to, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"edges/{Segment(from)}/{Segment(to)}", null, ContractJson.Default.EdgeDetail, cancel);

    /// <summary>Has a device examine a peer now. Returns once it was asked; the verdict comes by the feed.</summary>
    public async Task ExamineAsync(string from, string to, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, $"edges/{Segment(from)}/{Segment(to)}/examine", null, null, cancel)).Dispose();

    /// <summary>Has a device prove itself now. Returns once it was asked; the proof comes by the feed.</summary>
    public async Task AttestAsync(string id, CancellationToken cancel) => (await SendAsync(HttpMethod.Post, $"devices/{Segment(id)}/attest", null, null, cancel)).Dispose();

    public Task<RevocationView> RevocationsAsync(CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, "revocations", null, ContractJson.Default.RevocationView, cancel);

    /// <summary>How far the status list in force has come.</summary>
    public Task<PropagationView> PropagationAsync(CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, "revocations/propagation", null, ContractJson.Default.PropagationView, cancel);

    /// <summary>What a revocation would do.</summary>
    public Task<RevocationPlan> PlanRevocationAsync(RevocationSelection selection, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "revocations/plan", Body(selection, ContractJson.Default.RevocationSelection), ContractJson.Default.RevocationPlan, cancel);

    /// <summary>Sent again with the same name it is the same act.</summary>
    public Task<RevocationAct> RevokeAsync(RevocationOrder order, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, "revocations", Body(order, ContractJson.Default.RevocationOrder), ContractJson.Default.RevocationAct, cancel);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<RevocationRequest>> RevocationRequestsAsync(CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, "revocations/requests", null, ContractJson.Default.IReadOnlyListRevocationRequest, cancel);

    public Task<RevocationAct> RevocationRequestAsync(string id, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"revocations/requests/{Segment(id)}", null, ContractJson.Default.RevocationAct, cancel);

    public Task<RevocationAct> ApproveRevocationAsync(string id, RevocationApproval approval, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, $"revocations/requests/{Segment(id)}/approve", Body(approval, ContractJson.Default.RevocationApproval), ContractJson.Default.RevocationAct, cancel);

    public Task<RevocationAct> RejectRevocationAsync(string id, string reason, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, $"revocations/requests/{Segment(id)}/reject", Body(new Decision(reason), ContractJson.Default.Decision), ContractJson.Default.RevocationAct, cancel);

    public Task<RevocationRule> RevocationRuleAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "revocations/rule", null, ContractJson.Default.RevocationRule, cancel);

    public Task<RevocationRule> SetRevocationRuleAsync(RevocationRuleUpdate update, CancellationToken cancel) =>
        CallAsync(HttpMethod.Put, "revocations/rule", Body(update, ContractJson.Default.RevocationRuleUpdate), ContractJson.Default.RevocationRule, cancel);

    public Task<IReadOnlyList<LogView>> LogsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "log", null, ContractJson.Default.IReadOnlyListLogView, cancel);

    /// <summary>Entries of all logs together, newest first.</summary>
    public Task<LogFindings> LogEntriesAsync(LogQuery query, string? cursor, int most, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"log/entries?limit={most}{query.Parameters}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", null, ContractJson.Default.LogFindings, cancel);

    /// <summary>The packages the silo is made of.</summary>
    public async Task<IReadOnlyList<SbomPart>> PartsAsync(CancellationToken cancel) => SbomPart.Of(await CallAsync(HttpMethod.Get, "sbom", null, ContractJson.Default.JsonElement, cancel));

    /// <summary>The mesh authority's certificate, PEM.</summary>
    public async Task<string> AuthorityAsync(CancellationToken cancel)
    {
        using var response = await OpenAsync("authority", cancel);
        return await ReadAsync(response, HttpMethod.Get, MostOfCertificate, silo.Patience, Encoding.UTF8.GetString, cancel);
    }

    /// <summary>How devices looked at the beginning, and what changed until the end.</summary>
    public Task<HistoryView> HistoryAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"history?from={Instant(from)}&to={Instant(to)}", null, ContractJson.Default.HistoryView, cancel, most: MostOfAll);

    /// <summary>A long stretch, put together from several answers. There is a limit, and then the end says that there is more: somebody has to choose a shorter time.</summary>
    public async Task<HistoryView> LongHistoryAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var past = await HistoryAsync(from, to, cancel);
        for (var page = 1; past.More && page < MostPages; page++)
            past = past.With(await HistoryAsync(past.To, to, cancel));
        return past;
    }

    /// <summary>Those the silo keeps, newest first.</summary>
    public Task<IReadOnlyList<TrustEvent>> EventsAsync(CancellationToken cancel) => CallAsync(HttpMethod.Get, "events/recent", null, ContractJson.Default.IReadOnlyListTrustEvent, cancel);

    public async Task<GraphSnapshot> GraphAsync(CancellationToken cancel)
    {
        using var response = await OpenAsync("graph", cancel, SnapshotFormat.MediaType);
        return await ReadGraphAsync(response, silo.Patience, cancel);
    }
}
