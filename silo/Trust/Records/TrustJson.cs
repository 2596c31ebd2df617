using System.Text.Json.Serialization;
using TrustMesh.Contracts;
using TrustMesh.Trust.Acts;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Joining;
using TrustMesh.Trust.Operators;
using TrustMesh.Trust.Passkeys;
using TrustMesh.Trust.Revoking;

namespace TrustMesh.Trust.Records;

/// <summary>How small rows are written. Only rows we wrote ourselves are read with it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredToken))]
[JsonSerializable(typeof(StoredCode))]
[JsonSerializable(typeof(StoredSession))]
[JsonSerializable(typeof(StoredBook))]
[JsonSerializable(typeof(StoredApiToken))]
[JsonSerializable(typeof(StoredPins))]
[JsonSerializable(typeof(StoredPasskey))]
[JsonSerializable(typeof(StoredStatus))]
[JsonSerializable(typeof(StoredStatus.Line))]
[JsonSerializable(typeof(SavedQuery))]
[JsonSerializable(typeof(StoredRule))]
[JsonSerializable(typeof(StoredAlone))]
[JsonSerializable(typeof(StoredRequest))]
[JsonSerializable(typeof(StoredTargets))]
[JsonSerializable(typeof(StoredEndorsement))]
[JsonSerializable(typeof(StoredSighting))]
[JsonSerializable(typeof(StoredRules))]
[JsonSerializable(typeof(StoredPolicyVersions))]
[JsonSerializable(typeof(StoredAct))]
internal sealed partial class TrustJson : JsonSerializerContext;
