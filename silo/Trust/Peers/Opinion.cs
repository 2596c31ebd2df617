namespace TrustMesh.Trust.Peers;

/// <summary>What a verdict comes down to when words are compared: no word at all, a good one (affirming, warning), a bad one (contraindicated).</summary>
public enum Opinion { None, Good, Bad }
