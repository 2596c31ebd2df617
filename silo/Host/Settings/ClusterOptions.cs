namespace TrustMesh.Host.Settings;

/// <summary>The settings of a cluster as <see cref="Places"/> understood them; what is in it depends on whether this build has one.</summary>
public abstract record ClusterOptions;
