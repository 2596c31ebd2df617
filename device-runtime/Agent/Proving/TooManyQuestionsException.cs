namespace TrustMesh.Agent.Proving;

/// <summary>More questions wait than this device answers at once; whoever asked may ask again later (attack A42).</summary>
public sealed class TooManyQuestionsException() : IOException($"More than {ProofBatch.MostWaiting} questions wait for the root of trust already. It is flooded, or it signs far too slowly.");
