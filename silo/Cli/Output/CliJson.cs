using System.Text.Json;
using System.Text.Json.Serialization;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Demo;
using TrustMesh.Cli.Evidence;
using TrustMesh.Cli.Logs;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Output;

/// <summary>Every JSON shape the command line reads or writes; source-generated, so the shapes are fixed when it is built.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SignIn))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(MeshView))]
[JsonSerializable(typeof(SiloView))]
[JsonSerializable(typeof(IReadOnlyList<SiloView>))]
[JsonSerializable(typeof(DevicePage))]
[JsonSerializable(typeof(SavedQuery))]
[JsonSerializable(typeof(IReadOnlyList<SavedQuery>))]
[JsonSerializable(typeof(SavedQueryUpdate))]
[JsonSerializable(typeof(DeviceDetail))]
[JsonSerializable(typeof(DeviceSummary))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(GraphSnapshot))]
[JsonSerializable(typeof(GraphDelta))]
[JsonSerializable(typeof(TrustEvent))]
[JsonSerializable(typeof(JoinTokenRequest))]
[JsonSerializable(typeof(JoinToken))]
[JsonSerializable(typeof(IReadOnlyList<JoinToken>))]
[JsonSerializable(typeof(IReadOnlyList<PeerEdge>))]
[JsonSerializable(typeof(EdgeDetail))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyUpdate))]
[JsonSerializable(typeof(ReferenceView))]
[JsonSerializable(typeof(IReadOnlyList<ReferenceView>))]
[JsonSerializable(typeof(LearnRequest))]
[JsonSerializable(typeof(OperatorRequest))]
[JsonSerializable(typeof(OperatorCode))]
[JsonSerializable(typeof(OperatorView))]
[JsonSerializable(typeof(IReadOnlyList<OperatorView>))]
[JsonSerializable(typeof(RightsChange))]
[JsonSerializable(typeof(IReadOnlyList<SessionView>))]
[JsonSerializable(typeof(RevocationView))]
[JsonSerializable(typeof(IReadOnlyList<RevocationIssue>))]
[JsonSerializable(typeof(PropagationView))]
[JsonSerializable(typeof(IReadOnlyList<LogView>))]
[JsonSerializable(typeof(IReadOnlyList<LogEntryView>))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(EvidenceView))]
[JsonSerializable(typeof(IReadOnlyList<PastDevice>))]
[JsonSerializable(typeof(IReadOnlyList<LookDifference>))]
[JsonSerializable(typeof(LogReports))]
[JsonSerializable(typeof(SavedCheckpoints))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SavedSessions))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(DemoResult))]
[JsonSerializable(typeof(DemoStatus))]
[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(ReadySilo))]
[JsonSerializable(typeof(BundleReport))]
internal sealed partial class CliJson : JsonSerializerContext;
