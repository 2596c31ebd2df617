using System.Text.RegularExpressions;
using k8s.Models;
using TrustMesh.Trust.Keys;
using TrustMesh.Tests.Parts;
using YamlDotNet.RepresentationModel;

namespace TrustMesh.Tests.Infra;

/// <summary>Pods of infra/kubernetes: what they may, what they are given, and that what they are told exists.</summary>
public sealed class KubernetesTests
{
    [Fact]
    public void The_kustomization_has_every_manifest()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(Manifests.Folder, "kustomization.yaml"))));
        var resources = (YamlSequenceNode)yaml.Documents.Single().RootNode["resources"];
        Assert.Equal(Manifests.Files, resources.Children.Select(child => child.ToString()).Order());
        Assert.Equal(["Deployment", "StatefulSet", "StatefulSet"], Manifests.All.Select(one => one.Kind).Where(kind => kind is "Deployment" or "StatefulSet" or "DaemonSet" or "Job" or "CronJob" or "Pod").Order());
    }

    [Fact]
    public void Kubectl_puts_them_together()
    {
        Assert.SkipUnless(Command.Exists("kubectl"), "kubectl is not on this machine");
        var (code, output, error) = Command.Run(Manifests.Folder, "kubectl", "kustomize", ".");
        Assert.True(code == 0, error);
        Assert.Equal(Manifests.All.Count, k8s.KubernetesYaml.LoadAllFromString(output, strict: true).Count);
        Assert.Equal("harbour", Regex.Match(output, "\"Mesh\": \"(?<mesh>[^\"]+)\"").Groups["mesh"].Value);
    }

    [Fact]
    public void A_pod_is_rootless_without_capabilities_on_a_read_only_root()
    {
        Assert.Equal("restricted", Manifests.Of<V1Namespace>().Single().Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        foreach (var workload in Manifests.Workloads)
        {
            var pod = workload.Pod;
            Assert.True(pod.SecurityContext.RunAsNonRoot, workload.Name);
            Assert.True(pod.SecurityContext.RunAsUser > 0, workload.Name);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.False(pod.AutomountServiceAccountToken ?? true, $"{workload.Name} gets a token of the cluster it has no use for");
            Assert.False(pod.EnableServiceLinks ?? true, $"{workload.Name} gets services as environment variables");
            Assert.True(pod.HostNetwork is null && pod.HostPID is null && pod.HostIPC is null, workload.Name);
            Assert.InRange(pod.TerminationGracePeriodSeconds ?? 0, 30, 300);
            Assert.DoesNotContain(pod.Volumes, volume => volume.HostPath is not null);
            Assert.All(workload.Containers, container =>
            {
                var may = container.SecurityContext;
                Assert.True(may.ReadOnlyRootFilesystem, $"{workload.Name}/{container.Name}");
                Assert.False(may.AllowPrivilegeEscalation ?? true, $"{workload.Name}/{container.Name}");
                Assert.Equal(["ALL"], may.Capabilities.Drop);
                Assert.Null(may.Capabilities.Add);
                Assert.True(may.Privileged is null && may.RunAsUser is null && may.RunAsNonRoot is null, $"{workload.Name}/{container.Name} undoes what its pod says");
            });
        }
    }

    [Fact]
    public void A_container_has_probes_and_limits()
        => Assert.All(Manifests.Workloads.SelectMany(workload => workload.Containers.Select(container => (workload, container))), one =>
        {
            var name = $"{one.workload.Name}/{one.container.Name}";
            Assert.True(one.container.Resources?.Limits?.ContainsKey("memory") == true && one.container.Resources.Limits.ContainsKey("cpu"), name);
            Assert.True(one.container.Resources.Requests?.ContainsKey("memory") == true && one.container.Resources.Requests.ContainsKey("cpu"), name);
            if (one.workload.Pod.InitContainers?.Contains(one.container) == true) return;
            foreach (var probe in (V1Probe?[])[one.container.LivenessProbe, one.container.ReadinessProbe, one.container.StartupProbe])
            {
                Assert.True(probe is not null, name);
                if (probe.HttpGet is not { } get) continue;
                Assert.Equal("HTTPS", get.Scheme);
                Assert.Contains(one.container.Ports, port => port.Name == get.Port.Value);
            }
        });

    [Fact]
    public void A_secret_is_a_file_and_none_is_committed()
    {
        Assert.DoesNotContain(Manifests.All, one => one.Kind == "Secret");
        foreach (var workload in Manifests.Workloads)
        {
            Assert.All(workload.Pod.Volumes.Where(volume => volume.Secret is not null), volume => Assert.Equal(256, volume.Secret.DefaultMode)); // 0400
            foreach (var container in workload.Containers)
            {
                Assert.Null(container.EnvFrom);
                Assert.All(container.Env ?? [], variable => Assert.True(
                    variable.ValueFrom?.SecretKeyRef is null && !SecretWords.IsSecretName(variable.Name) && !SecretWords.LooksLikeSecret(variable.Value ?? ""), $"{workload.Name}: {variable.Name}"));
                Assert.DoesNotContain([.. container.Command ?? [], .. container.Args ?? []], SecretWords.LooksLikeSecret);
            }
        }
        Assert.All(Manifests.Of<V1ConfigMap>().SelectMany(map => map.Data), entry => Assert.False(SecretWords.LooksLikeSecret(entry.Value), entry.Key));
    }

    [Fact]
    public void A45_secrets_as_Kubernetes_mounts_them_are_refused_and_taken_once_they_are_copied()
    {
        var silo = Manifests.Workloads.Single(workload => workload.Name == "silo").Pod;
        var copy = Assert.Single(silo.InitContainers);
        Assert.Equal(["/bin/sh", "-euc"], copy.Command);
        Assert.NotNull(silo.Volumes.Single(volume => volume.Name == copy.VolumeMounts.Single(mount => mount.MountPath == "/mounted").Name).Secret);
        Assert.Equal("Memory", silo.Volumes.Single(volume => volume.Name == Mounted(silo.Containers.Single(), "/run/trustmesh")).EmptyDir.Medium);
        Assert.Equal(Mounted(copy, "/run/trustmesh"), Mounted(silo.Containers.Single(), "/run/trustmesh"));

        var folder = Directory.CreateTempSubdirectory("trustmesh-mounted-");
        try
        {
            // As kubelet lays it out: a folder with a date, a link to it, and a link to each file through that; readable by the group.
            var (mounted, copied) = (folder.CreateSubdirectory("mounted").FullName, folder.CreateSubdirectory("copied").FullName);
            var dated = Directory.CreateDirectory(Path.Combine(mounted, "..2026_11_26")).FullName;
            File.WriteAllText(Path.Combine(dated, "cluster.secret"), "a password");
            File.SetUnixFileMode(Path.Combine(dated, "cluster.secret"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Directory.CreateSymbolicLink(Path.Combine(mounted, "..data"), "..2026_11_26");
            File.CreateSymbolicLink(Path.Combine(mounted, "cluster.secret"), "..data/cluster.secret");
            Assert.Contains("is a link", Assert.Throws<InvalidDataException>(() => SecretFile.Read(Path.Combine(mounted, "cluster.secret"), 100)).Message);

            var script = copy.Args.Single().Replace("/mounted", mounted, StringComparison.Ordinal).Replace("/run/trustmesh", copied, StringComparison.Ordinal);
            var (code, _, error) = Command.Run(folder.FullName, copy.Command[0], copy.Command[1], script);
            Assert.True(code == 0, error);
            Assert.Equal("a password"u8.ToArray(), SecretFile.Read(Path.Combine(copied, "cluster.secret"), 100));
            Assert.Single(Directory.GetFileSystemEntries(copied));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_silo_and_dashboard_are_told_exists()
    {
        var silo = Manifests.Workloads.Single(workload => workload.Name == "silo").Pod.Containers.Single();
        Assert.All(silo.Args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, ProgramOptions.Silo));
        Assert.All(Manifests.SiloKeys(), key => Assert.True(ProgramOptions.IsSiloKey(key), $"silo.json: {key}"));
        Assert.DoesNotContain(silo.Env, variable => variable.Name.StartsWith("TRUSTMESH__", StringComparison.OrdinalIgnoreCase) && !ProgramOptions.IsSiloKey(variable.Name["TRUSTMESH__".Length..].Replace("__", ":")));
        Assert.All(silo.Args.SelectMany(argument => Regex.Matches(argument, @"\$\((?<name>\w+)\)")), used => Assert.Contains(silo.Env, variable => variable.Name == used.Groups["name"].Value));
        var dashboard = Manifests.Workloads.Single(workload => workload.Name == "dashboard").Pod.Containers.Single(container => container.Name == "dashboard");
        TrustMesh.Dashboard.Hosting.DashboardSettings.Parse([.. dashboard.Args]);
    }

    [Fact]
    public void What_the_instructions_write_into_silo_json_exists()
    {
        var text = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "infra", "CLUSTER.md")), "```json\n(?<settings>.*?)```", RegexOptions.Singleline).Groups["settings"].Value;
        var keys = System.Text.Json.Nodes.JsonNode.Parse(text)!["TrustMesh"]!.AsObject().Select(key => key.Key).ToList();
        Assert.Contains("Cluster", keys);
        Assert.All(keys, key => Assert.True(ProgramOptions.IsSiloKey(key), key));
    }

    [Fact]
    public void Files_and_volumes_a_pod_names_are_there()
    {
        foreach (var workload in Manifests.Workloads)
        {
            var volumes = workload.Pod.Volumes.Select(volume => volume.Name).Concat(workload.Claims).ToList();
            Assert.All(workload.Pod.Volumes.Where(volume => volume.ConfigMap is not null), volume => Assert.Contains(Manifests.Of<V1ConfigMap>(), map => map.Metadata.Name == volume.ConfigMap.Name));
            Assert.All(workload.Containers.SelectMany(container => container.VolumeMounts), mount => Assert.Contains(mount.Name, volumes));
            Assert.All(volumes, volume => Assert.Contains(workload.Containers.SelectMany(container => container.VolumeMounts), mount => mount.Name == volume));
        }
        // Every file a program is told to read lies below one of its mounts or in its image.
        var silo = Manifests.Workloads.Single(workload => workload.Name == "silo").Pod.Containers.Single();
        Assert.All(Regex.Matches(Manifests.Settings("silo-settings", "silo.json"), "\"(?<path>/[^\"]+)\"").Select(match => match.Groups["path"].Value),
            path => Assert.Contains(silo.VolumeMounts, mount => path.StartsWith(mount.MountPath + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Redis_and_the_door_are_configured_as_in_compose()
    {
        var container = Path.Combine(Repository.Root, "infra", "container");
        Assert.Equal(File.ReadAllText(Path.Combine(container, "redis.conf")), Manifests.Settings("redis-settings", "redis.conf"));
        Assert.Equal(File.ReadAllText(Path.Combine(container, "haproxy.cfg")), Manifests.Settings("door-settings", "haproxy.cfg"));
    }

    [Fact]
    public void Silos_are_replaced_one_at_a_time_and_two_of_three_stay()
    {
        var set = Manifests.Of<V1StatefulSet>().Single(one => one.Metadata.Name == "silo").Spec;
        Assert.Equal((3, "RollingUpdate"), (set.Replicas!.Value, set.UpdateStrategy.Type));
        Assert.True(set.UpdateStrategy.RollingUpdate?.MaxUnavailable is null && set.MinReadySeconds >= 30);
        Assert.Equal("1", Manifests.Of<V1PodDisruptionBudget>().Single().Spec.MaxUnavailable.Value);
        Assert.Equal(["kubernetes.io/hostname", "topology.kubernetes.io/zone"], set.Template.Spec.TopologySpreadConstraints.Select(one => one.TopologyKey).Order());
    }

    private static string Mounted(V1Container container, string path) => container.VolumeMounts.Single(mount => mount.MountPath == path).Name;
}
