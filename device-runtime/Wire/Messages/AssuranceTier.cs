namespace TrustMesh.Wire.Messages;

/// <summary>How much a verdict rests on hardware. Tiers are shown with every verdict and never blended (design 3).</summary>
public enum AssuranceTier { Software = 0, HardwareKey = 1, TpmQuote = 2, Guardian = 3 }
