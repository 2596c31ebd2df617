using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Faults;

/// <inheritdoc/>
[Collection(FaultCollection.Name)]
public sealed class LostAnswerTests(TwoSilos fixture) : LostAnswers(fixture);
