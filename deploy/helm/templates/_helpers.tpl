{{/* Names, labels and settings that several templates use. */}}

{{- define "hostcache.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "hostcache.selector" -}}
app.kubernetes.io/name: hostcache
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "hostcache.labels" -}}
{{ include "hostcache.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{/* The settings with the chart's own defaults, as YAML. Empty ones are left out. */}}
{{- define "hostcache.settings" -}}
{{- $defaults := dict "METRICS_HOST" "0.0.0.0" "METRICS_PORT" "9464" "SLACK_MODE" "socket" "PORT" "3000" -}}
{{- range $name, $value := merge (deepCopy .Values.settings) $defaults }}
{{- if ne (toString $value) "" }}
{{ $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Whether the state is a SQLite file in a volume; empty = it is in MySQL. */}}
{{- define "hostcache.hasVolume" -}}
{{- if not (has "STATE_URL" .Values.secretKeys) }}yes{{ end -}}
{{- end -}}

{{/* Stops at values that cannot work. */}}
{{- define "hostcache.check" -}}
{{- $replicas := int .Values.replicas -}}
{{- $settings := include "hostcache.settings" . | fromYaml -}}
{{- if and (gt $replicas 1) (include "hostcache.hasVolume" .) -}}
{{- fail "Several replicas need STATE_URL in secretKeys: mysql://user:password@host/database" -}}
{{- end -}}
{{- if and (gt $replicas 3) (eq $settings.SLACK_MODE "socket") -}}
{{- fail "In Socket Mode, Slack allows the sockets of three replicas at most" -}}
{{- end -}}
{{- range $name := list "SLACK_BOT_TOKEN" "SLACK_APP_TOKEN" "SLACK_SIGNING_SECRET" "MYSQL_URL" "MYSQL_FLUSH_URL" "STATE_URL" -}}
{{- if hasKey $settings $name -}}
{{- fail (printf "%s is a secret: it belongs in the Secret and in secretKeys, not in settings" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
